"""KOS-Order and the MVNO AP, written from the base part of docs/kos-contract.md alone.

Shares nothing with simulator/ and server/tests/rig. Every arrival and every application is a line of
its ledger, written before the answer. Offers none of K1 to K4.

    python3 stand_in.py LEDGER SEED SECRET      prints "KOS_PORT AP_PORT"
"""

import hashlib
import hmac
import json
import random
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PLANS = {
    "ALPHA-100": ("알파 100", 69000),
    "BETA-200": ("베타 200", 59000),
    "GAMMA-300": ("감마 300", 39000),
    "DELTA-400": ("델타 400", 29000),
}
FIRST_PLAN = "ALPHA-100"
# Percentages of changes. A request is applied within a second of its arrival, or never.
FAULTS = [
    ("applied, the connection is cut", 8),
    ("applied, 500", 5),
    ("not applied, 500", 4),
    ("applied late, no answer", 4),
    ("not applied, no answer", 3),
    ("applied, half an answer", 4),
    ("refused", 5),
    ("not applied, reset", 3),
]
AP_FAULTS = [("received, no answer", 8), ("received, 500", 6), ("not received, 500", 6)]

lock = threading.Lock()
plan_of = {}
orders = 0


class World:
    """The ledger, the random source, and the secret of the AP's signatures."""

    ledger = None
    chance = None
    secret = b""

    @classmethod
    def note(cls, kind, **fields):
        cls.ledger.write(json.dumps({"kind": kind, "at": time.time(), **fields}) + "\n")
        cls.ledger.flush()

    @classmethod
    def draw(cls, faults):
        drawn = cls.chance.randrange(100)
        for name, weight in faults:
            drawn -= weight
            if drawn < 0:
                return name
        return None


def plan_now(line):
    return plan_of.get(line, FIRST_PLAN)


def apply(request):
    """Changes the line's plan; returns the data of the answer."""
    global orders
    with lock:
        line, target = request["lineNumber"], request["targetProductCode"]
        previous = plan_now(line)
        plan_of[line] = target
        orders += 1
        order = f"ORD{orders:08}"
        World.note("applied", requestId=request["requestId"], line=line, to=target, order=order)
    return {
        "requestId": request["requestId"],
        "changeInfo": {
            "lineNumber": line,
            "previousProductCode": previous,
            "previousProductName": PLANS[previous][0],
            "newProductCode": target,
            "newProductName": PLANS[target][0],
            "effectiveDate": time.strftime("%Y%m%d"),
            "changeStatus": "COMPLETED",
            "kosOrderNumber": order,
            "estimatedCompletionTime": None,
        },
    }


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        """Errors of connections to a killed product are expected: print nothing."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, value, part=1.0):
        text = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text[: int(len(text) * part)])
        if part < 1:
            self.cut()

    def envelope(self, code, data=None):
        done = code == "0000"
        return {
            "success": done,
            "resultCode": code,
            "resultMessage": "정상" if done else "거절",
            "data": data,
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S+09:00"),
            "traceId": None,
        }

    def cut(self, reset=False):
        self.close_connection = True
        if reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        else:
            try:
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Kos(Handler):
    def do_GET(self):
        if self.path.endswith("/product/list"):
            products = [
                {
                    "product_code": code, "product_name": name, "product_type": "MOBILE",
                    "monthly_fee": fee, "data_allowance": "무제한", "voice_allowance": -1,
                    "sms_allowance": -1, "network_type": "5G", "status": "ACTIVE",
                    "description": name,
                }
                for code, (name, fee) in PLANS.items()
            ]
            data = {"product_count": len(products), "products": products}
            return self.answer(200, self.envelope("0000", data))
        return self.answer(404, {})

    def do_POST(self):
        request = json.loads(self.body() or b"{}")
        if self.path.endswith("/product/inquiry"):
            return self.inquiry(request)
        if self.path.endswith("/product/change"):
            return self.change(request)
        return self.answer(200, self.envelope("1003"))

    def inquiry(self, request):
        line = request["lineNumber"]
        with lock:
            code = plan_now(line)
        name, fee = PLANS[code]
        info = {
            "lineNumber": line, "currentProductCode": code, "currentProductName": name,
            "monthlyFee": fee, "dataAllowance": -1, "voiceAllowance": -1, "smsAllowance": -1,
            "productStatus": "ACTIVE", "contractDate": None,
        }
        customer = {
            "customerName": "아무개", "customerId": "C-" + line[-4:],
            "operatorCode": "SOME", "lineStatus": "ACTIVE",
        }
        data = {"requestId": request["requestId"], "productInfo": info, "customerInfo": customer}
        self.answer(200, self.envelope("0000", data))

    def change(self, request):
        with lock:
            fault = World.draw(FAULTS)
            known = {"requestId": request["requestId"], "line": request["lineNumber"]}
            World.note("received", fault=fault, **known)
        if fault == "refused":
            return self.answer(200, self.envelope("2099"))
        if fault == "not applied, reset":
            return self.cut(reset=True)
        if fault == "not applied, 500":
            return self.answer(500, {})
        if fault == "not applied, no answer":
            time.sleep(5)
            return self.cut()
        if fault == "applied late, no answer":
            time.sleep(World.chance.uniform(0.1, 0.9))
            apply(request)
            time.sleep(5)
            return self.cut()
        data = apply(request)
        if fault == "applied, the connection is cut":
            return self.cut()
        if fault == "applied, 500":
            return self.answer(500, {})
        part = 0.5 if fault == "applied, half an answer" else 1.0
        return self.answer(200, self.envelope("0000", data), part)


class Ap(Handler):
    def do_POST(self):
        body = self.body()
        signed = dict(part.split("=", 1) for part in self.headers["X-Signature"].split(","))
        told = signed["t"].encode() + b"." + body
        expected = hmac.new(World.secret, told, hashlib.sha256).hexdigest()
        event = json.loads(body)
        with lock:
            fault = World.draw(AP_FAULTS)
            if fault != "not received, 500":
                known = {name: event[name] for name in ("eventId", "type", "result")}
                known["requestId"] = (event.get("payload") or {}).get("requestId")
                genuine = hmac.compare_digest(expected, signed["v1"])
                World.note("told", genuine=genuine, line=event["lineNumber"], **known)
        if fault == "received, no answer":
            return self.cut()
        return self.answer(500 if fault else 200, {})


def main():
    path, seed, secret = sys.argv[1:]
    World.ledger = open(path, "a", encoding="utf-8")
    World.chance, World.secret = random.Random(int(seed)), secret.encode()
    servers = [Server(("127.0.0.1", 0), handler) for handler in (Kos, Ap)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(*(server.server_address[1] for server in servers), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
