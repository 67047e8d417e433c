"""The judge: compares KOS's ledger, the AP's, the customers' notes and the API. Pure.

A finding is (kind, sentence); kinds are LOST, DOUBLED, CONTRADICTING.
"""

FAILED, COMPLETED, PENDING = "FAILED", "COMPLETED", "PENDING"


def judge(ledger, told, shown, pages):
    """ledger: rows of the stand-in. told: the customers' answers, in order: {key, id, says, status,
    text}. shown: the final status of each change, by id (None: no such change). pages: line number ->
    the plan that its page shows in the end."""
    found = []
    received = [row["requestId"] for row in ledger if row["kind"] == "received"]
    applied = [row for row in ledger if row["kind"] == "applied"]
    applied_ids = [row["requestId"] for row in applied]

    for one in sorted(set(received)):
        if received.count(one) > 1:
            found.append(("DOUBLED", f"{one} arrived {received.count(one)} times"))
    for one in sorted(set(applied_ids)):
        if applied_ids.count(one) > 1:
            found.append(("DOUBLED", f"{one} was applied {applied_ids.count(one)} times"))
        if shown.get(one) is None:
            found.append(("LOST", f"{one} was applied, and the API does not know it"))
        elif shown[one] != COMPLETED:
            found.append(("CONTRADICTING", f"{one} was applied, and the API says {shown[one]}"))
    for one, says in shown.items():
        if says == COMPLETED and one not in applied_ids:
            found.append(("CONTRADICTING", f"{one} is COMPLETED, and was never applied"))
        if says == PENDING:
            found.append(("LOST", f"{one} has no end"))
    found += customers(told, shown, applied_ids)
    for line, plan in pages.items():
        made = [row["to"] for row in applied if row["line"] == line]
        if made and made[-1] != plan:
            found.append(("CONTRADICTING", f"a page of {line[-4:]} shows {plan}, KOS {made[-1]}"))
    return found + deliveries(ledger, applied, shown)


def customers(told, shown, applied_ids):
    found, of_key, first = [], {}, {}
    for one in told:
        if one["id"] is None:
            continue
        if shown.get(one["id"]) is None:
            found.append(("LOST", f"{one['id']} was answered, and the API does not know it"))
        if one["says"] == COMPLETED and one["id"] not in applied_ids:
            found.append(("CONTRADICTING", f"{one['id']} told as done, never applied"))
        if one["says"] == FAILED and one["id"] in applied_ids:
            found.append(("CONTRADICTING", f"{one['id']} told as failed, and applied"))
        if one["key"] is None:
            continue
        if of_key.setdefault(one["key"], one["id"]) != one["id"]:
            found.append(("DOUBLED", f"one key began {of_key[one['key']]} and {one['id']}"))
        if first.setdefault(one["key"], one["text"]) != one["text"]:
            found.append(("CONTRADICTING", f"the key of {one['id']} has two answers"))
    ends = {}
    for one in told:
        if one["key"] is None and one["id"] is not None:
            before = ends.get(one["id"])
            if before in (COMPLETED, FAILED) and one["says"] != before:
                found.append(("CONTRADICTING", f"{one['id']}: first {before}, then {one['says']}"))
            ends[one["id"]] = one["says"]
    return found


def deliveries(ledger, applied, shown):
    found, events, order = [], {}, {}
    for row in ledger:
        if row["kind"] != "told" or row["type"] != "PRODUCT_CHANGE":
            continue
        if not row["genuine"]:
            found.append(("CONTRADICTING", f"{row['eventId']} is not signed"))
        known = events.setdefault(row["requestId"], row)
        if known["eventId"] != row["eventId"]:
            found.append(("DOUBLED", f"the AP heard of {row['requestId']} under two events"))
        elif known is row and row["result"] == "SUCCESS":
            order.setdefault(row["line"], []).append(row["requestId"])
    for one, says in shown.items():
        result = {COMPLETED: "SUCCESS", FAILED: "FAILURE"}.get(says)
        if result and one not in events:
            found.append(("LOST", f"the AP never heard of {one}"))
        elif result and events[one]["result"] != result:
            found.append(("CONTRADICTING", f"the AP was told {events[one]['result']} of {one}"))
    for line, heard in order.items():
        made = [row["requestId"] for row in applied if row["line"] == line]
        if heard != [one for one in made if one in heard]:
            found.append(("CONTRADICTING", f"the AP heard of line {line[-4:]} in another order"))
    return found


def finds_what_is_planted():
    """The planted faults: a judge that does not find them would find nothing."""
    received = {"kind": "received", "requestId": "a"}
    applied = {"kind": "applied", "requestId": "a", "line": "0101", "to": "X"}
    event = {
        "kind": "told", "type": "PRODUCT_CHANGE", "genuine": True, "eventId": "e", "line": "0101",
        "result": "SUCCESS", "requestId": "a",
    }
    ledger, shown, pages = [received, applied, event], {"a": COMPLETED}, {"0101": "X"}
    told = [{"key": "k", "id": "a", "says": COMPLETED, "status": 200, "text": "t"}]
    assert judge(ledger, told, shown, pages) == []
    planted = {
        "DOUBLED": [
            judge(ledger + [applied], told, shown, pages),
            judge([received] + ledger, told, shown, pages),
            judge(ledger, told + [{**told[0], "id": "b"}], {**shown, "b": FAILED}, pages),
            judge(ledger + [{**event, "eventId": "f"}], told, shown, pages),
        ],
        "LOST": [
            judge(ledger, told, {}, pages),
            judge(ledger, told, {"a": PENDING}, pages),
            judge(ledger[:2], told, shown, pages),
        ],
        "CONTRADICTING": [
            judge(ledger, told, {"a": FAILED}, pages),
            judge([received, event], told, shown, pages),
            judge(ledger, told + [{**told[0], "text": "u"}], shown, pages),
            judge(ledger, [{**told[0], "says": FAILED}], shown, pages),
            judge(ledger, told, shown, {"0101": "Y"}),
            judge(ledger[:2] + [{**event, "genuine": False}], told, shown, pages),
        ],
    }
    for kind, cases in planted.items():
        for number, found in enumerate(cases):
            assert kind in {one[0] for one in found}, f"{kind} {number} is not found"
    return sum(map(len, planted.values()))
