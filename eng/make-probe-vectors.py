#!/usr/bin/env python3
"""make-probe-vectors.py: writes tests/vectors/cases/probe_cases.json, what the method probe gives for small layers.

Written from docs/methods.md#probe alone, in double precision, with nothing but Python: an implementation of its own to hold the engine against.
"""
import json
import math
import os
import random

CASES = [
    ("one_branch", dict(branches=[4]), dict(window=1, kernel=1, value=True)),
    ("two_branches", dict(branches=[2, 5]), dict(window=1, kernel=1, value=True)),
    ("no_value", dict(branches=[2, 5]), dict(window=1, kernel=1, value=False)),
    ("pooled_window", dict(branches=[3, 3, 1]), dict(window=3, kernel=5, value=True)),
    ("one_head_a_group", dict(branches=[3, 2], heads=2), dict(window=1, kernel=1, value=True)),
]
KV_HEADS, DIM, ROWS, KEEP = 2, 8, 30, 9


def draw(rng, *shape):
    """Normal numbers of three decimals, row-major."""
    return [round(rng.gauss(0, 1), 3) for _ in range(math.prod(shape))]


def case(name, shape, options):
    rng = random.Random(name)
    heads, lengths = shape.get("heads", 4), shape["branches"]
    per_group, tokens = heads // KV_HEADS, sum(lengths)
    q, own = draw(rng, heads, tokens, DIM), draw(rng, KV_HEADS, tokens, DIM)
    k, v = draw(rng, KV_HEADS, ROWS, DIM), draw(rng, KV_HEADS, ROWS, DIM)

    def logit(head, token, keys, group, row, rows):
        return sum(q[(head * tokens + token) * DIM + c] * keys[(group * rows + row) * DIM + c] for c in range(DIM)) / math.sqrt(DIM)

    past = ROWS - options["window"]
    scores, log_sums = [[0.0] * past for _ in range(KV_HEADS)], []
    for head in range(heads):
        group, start = head // per_group, 0
        for length in lengths:
            for i in range(length):
                token = start + i
                of_rows = [math.exp(logit(head, token, k, group, t, ROWS)) for t in range(ROWS)]
                of_own = [math.exp(logit(head, token, own, group, start + j, tokens)) for j in range(i + 1)]
                total = sum(of_rows) + sum(of_own)
                log_sums.append(math.log(total))
                for t in range(past):
                    scores[group][t] += of_rows[t] / total / length / per_group
            start += length

    half = options["kernel"] // 2
    for group, row in enumerate(scores):
        row = [sum(row[j] for j in range(t - half, t + half + 1) if 0 <= j < past) / options["kernel"] for t in range(past)]
        if options["value"]:
            row = [s * math.sqrt(sum(v[(group * ROWS + t) * DIM + c] ** 2 for c in range(DIM))) for t, s in enumerate(row)]
        scores[group] = row
    kept = [sorted(sorted(range(past), key=lambda t: -row[t])[: KEEP - options["window"]]) + list(range(past, ROWS)) for row in scores]
    gaps = [abs(a - b) / b for row in scores for a, b in [sorted(row, reverse=True)[KEEP - options["window"] - 1 : KEEP - options["window"] + 1]]]
    assert min(gaps) > 1e-3, (name, gaps)
    return dict(
        id=name, kv_heads=KV_HEADS, heads=heads, rows=ROWS, dim=DIM, keep=KEEP, branches=lengths, options=options,
        queries=q, own_keys=own, keys=k, values=v,
        log_sums=[round(x, 9) for x in log_sums], scores=[[round(s, 9) for s in row] for row in scores], kept=kept)


here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "..", "tests", "vectors", "cases", "probe_cases.json"), "w") as out:
    out.write('{"about": "What the method probe gives; written by eng/make-probe-vectors.py.",\n "probe_cases": [\n')
    out.write(",\n".join("  " + json.dumps(case(*c)) for c in CASES))
    out.write("\n ]}\n")
