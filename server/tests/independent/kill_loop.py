"""Kills `phonebill serve` at random while customers change plans by the public REST API, and judges
by KOS's own ledger: 0 lost, 0 doubled, 0 contradicting. Python 3, standard library.

    python3 kill_loop.py BINARY --kills 300 [--database-url postgres://…] [--seed 1]
"""

import argparse
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from judge import COMPLETED, FAILED, PENDING, finds_what_is_planted, judge

HERE = Path(__file__).parent
PASSWORD = "Demo-pass-2026"
ACCOUNTS = ["demo01", "prod01"]
AP_SECRET = "independent-signing-secret-of-the-kill-loop"
SETTLES_WITHIN = 120


class Api:
    """A customer's API client; it survives restarts of the product."""

    def __init__(self, port):
        self.port, self.token = port, None

    def ask(self, method, path, body=None, headers=None):
        """Returns (status, text), or None without an answer."""
        headers = {"Content-Type": "application/json", **(headers or {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=8)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/api/v1{path}", text, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def insist(self, method, path, body=None, seconds=SETTLES_WITHIN):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.ask(method, path, body)
            if answer and answer[0] < 500 and answer[0] != 429:
                return answer
            time.sleep(0.05)
        raise SystemExit(f"no answer to {method} {path}: {answer}")

    def login(self, user):
        status, text = self.insist("POST", "/auth/login", {"userId": user, "password": PASSWORD})
        assert status == 200, text
        answer = json.loads(text)
        self.token = answer["accessToken"]
        return answer["user"]["lines"]


class Customer(threading.Thread):
    """Changes one line until told to leave, and records every answer."""

    def __init__(self, api, line, seed, leaving):
        super().__init__(daemon=True)
        self.api, self.line, self.leaving = api, line, leaving
        self.chance, self.told = random.Random(seed), []

    def run(self):
        while not self.leaving.is_set():
            page = self.api.ask("GET", f"/product/change?lineId={self.line['lineId']}")
            if not page or page[0] != 200:
                time.sleep(0.03)
                continue
            options = json.loads(page[1])
            targets = [one["code"] for one in options["products"]]
            self.press(options["currentProduct"]["code"], self.chance.choice(targets))

    def press(self, current, target):
        key = uuid.UUID(int=self.chance.getrandbits(128)).hex
        body = {
            "lineId": self.line["lineId"],
            "currentProductCode": current,
            "targetProductCode": target,
        }
        answered = None
        for _ in range(4000):
            answered = self.ask_with(key, body)
            if answered:
                break
            time.sleep(0.02)
        if self.chance.random() < 0.3:
            self.ask_with(key, body)
        while answered and answered["says"] == PENDING and not self.leaving.is_set():
            time.sleep(0.2)
            answered = self.look(answered["id"]) or answered

    def ask_with(self, key, body):
        answer = self.api.ask("POST", "/product/request", body, {"Idempotency-Key": key})
        if not answer or answer[0] >= 500 or answer[0] == 429:
            return None
        status, text = answer
        change = json.loads(text)
        says = change.get("status") if status in (200, 202) else None
        request_id = change.get("requestId") if says else None
        if change.get("code") == "CHANGE_REJECTED":
            says, request_id = FAILED, change["requestId"]
        return self.note(key, request_id, says, status, text)

    def look(self, request_id):
        answer = self.api.ask("GET", f"/product/request/{request_id}")
        if not answer or answer[0] != 200:
            return None
        return self.note(None, request_id, json.loads(answer[1])["status"], *answer)

    def note(self, key, request_id, says, status, text):
        told = {"key": key, "id": request_id, "says": says, "status": status, "text": text}
        self.told.append(told)
        return told


class Product:
    """Successive processes of `phonebill serve`."""

    def __init__(self, arguments, folder, kos, ap):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.binary, self.log = arguments.binary, open(folder / "log", "ab")
        self.environment = {
            "PATH": os.environ.get("PATH", ""),
            "PHONEBILL_PROFILE": "demo",
            "PHONEBILL_HTTP_ADDR": f"127.0.0.1:{self.port}",
            "PHONEBILL_RATE_LIMITS": "off",
            "PHONEBILL_DATA_DIR": str(folder / "data"),
            "PHONEBILL__DATABASE__ACQUIRE_TIMEOUT_MS": "3000",
            "PHONEBILL__AUTH__TOKEN_SECRET": "one-secret-for-every-life-of-the-kill-loop",
            "PHONEBILL__AUTH__ACCESS_TTL_S": "7200",
            "PHONEBILL__AUTH__IDLE_TTL_S": "7200",
            "PHONEBILL__MVNO__SIGNING_SECRET": AP_SECRET,
            "PHONEBILL__MVNO__LONGEST_RETRY_S": "1",
            "PHONEBILL__KOS__CHANGE_TIMEOUT_MS": "1000",
            "PHONEBILL__KOS__INQUIRY_TIMEOUT_MS": "1000",
            "PHONEBILL__KOS__CHANGE_HORIZON_S": "2",
            "PHONEBILL__BREAKER__OPEN_S": "1",
            "PHONEBILL__BREAKER__SLOW_CALL_MS": "900",
            "KOS_URL": f"http://127.0.0.1:{kos}",
            "MVNO_AP_URL": f"http://127.0.0.1:{ap}",
        }
        if arguments.database_url:
            self.environment["DATABASE_URL"] = arguments.database_url

    def live(self):
        self.process = subprocess.Popen(
            [self.binary, "serve"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
        )

    def kill(self):
        assert self.process.poll() is None, "phonebill ended by itself"
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def history_is_whole(self):
        for _ in range(5):
            done = subprocess.run(
                [self.binary, "verify-history"],
                env=self.environment, stdout=self.log, stderr=self.log, check=False,
            )
            # Any other code is no verdict: the database did not answer.
            if done.returncode in (0, 5):
                return done.returncode == 0
        raise SystemExit(f"phonebill verify-history: {done.returncode}")


def run(arguments, folder):
    chance = random.Random(arguments.seed)
    ledger = folder / "kos-ledger.jsonl"
    stand_in = subprocess.Popen(
        [sys.executable, HERE / "stand_in.py", ledger, str(arguments.seed), AP_SECRET],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    kos, ap = map(int, stand_in.stdout.readline().split())
    product = Product(arguments, folder, kos, ap)
    began = time.monotonic()
    product.live()
    api, leaving, customers = {}, threading.Event(), []
    for user in ACCOUNTS:
        api[user] = Api(product.port)
        for line in api[user].login(user):
            seed = arguments.seed * 1000 + len(customers)
            customers.append(Customer(api[user], line, seed, leaving))
    start = time.monotonic() - began
    print(f"the first life was ready after {start:.1f} s", file=sys.stderr)
    for one in customers:
        one.start()
    for _ in range(arguments.kills):
        # From before it listens until well after.
        time.sleep(chance.uniform(0.01, start + 0.7))
        product.kill()
        product.live()
    print(f"killed after {time.monotonic() - began:.0f} s", file=sys.stderr)
    leaving.set()
    for one in customers:
        one.join(SETTLES_WITHIN)
        assert not one.is_alive(), "a customer got no answer"
    found, changes = settle_and_judge(customers, ledger)
    product.kill()
    if not product.history_is_whole():
        found.append(("CONTRADICTING", "phonebill verify-history finds the history broken"))
    stand_in.stdin.close()
    return found, changes


def settle_and_judge(customers, ledger):
    """Looks again until all agree or time is up; returns the findings of the last look."""
    told = [one for customer in customers for one in customer.told]
    owner = {one["id"]: customer.api for customer in customers for one in customer.told}
    by_line = {customer.line["lineNumber"]: customer for customer in customers}
    deadline = time.monotonic() + SETTLES_WITHIN
    while True:
        began = time.monotonic()
        rows = [json.loads(row) for row in ledger.read_text().splitlines()]
        for row in rows:
            if row["kind"] in ("applied", "received"):
                owner.setdefault(row["requestId"], by_line[row["line"]].api)
        ids = sorted(one for one in owner if one)
        shown = {one: status(owner[one], one) for one in ids}
        pages = {}
        for line, customer in by_line.items():
            path = f"/product/change?lineId={customer.line['lineId']}"
            page = json.loads(customer.api.insist("GET", path)[1])
            pages[line] = page["currentProduct"]["code"]
        found = judge(rows, told, shown, pages)
        if not found or began > deadline:
            return found, len(ids)
        time.sleep(0.5)


def status(api, request_id):
    """The status as the owner sees it; None: there is no such change."""
    answer = api.insist("GET", f"/product/request/{request_id}")
    return json.loads(answer[1])["status"] if answer[0] == 200 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--database-url")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    planted = finds_what_is_planted()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found, changes = run(arguments, folder)
        if found:
            print((folder / "log").read_text(errors="replace")[-4000:])
    count = {kind: sum(1 for one in found if one[0] == kind) for kind in ("LOST", "DOUBLED", "CONTRADICTING")}
    for kind, what in found[:20]:
        print(f"  {kind}: {what}")
    database = "PostgreSQL" if arguments.database_url else "SQLite"
    print(
        f"independent, {database}: {planted} planted faults found; {arguments.kills} kills, "
        f"{changes} changes in {time.monotonic() - began:.0f} s: {count['LOST']} lost, "
        f"{count['DOUBLED']} doubled, {count['CONTRADICTING']} contradicting"
    )
    print(f"verified: {arguments.kills} checks, {len(found)} differences between the ledgers")
    # A run with hardly any changes proves nothing.
    sys.exit(1 if found or changes < arguments.kills // 10 else 0)


if __name__ == "__main__":
    main()
