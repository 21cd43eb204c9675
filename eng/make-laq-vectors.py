#!/usr/bin/env python3
"""make-laq-vectors.py: writes tests/vectors/cases/laq_cases.json, what the method laq gives for small layers.

Written from docs/methods.md#laq alone, in double precision, with nothing but Python: an implementation of its own to hold the engine against.
"""
import json
import math
import os
import random

DEFAULTS = dict(window=0, kernel=7, pooling="max", sees="all", softmax=True, value=False)
CASES = [
    ("laq", dict(), dict()),
    ("laq_plus_plus", dict(), dict(window=8)),
    ("released_mask", dict(), dict(window=8, sees="shifted")),
    ("released_mask_without_a_window", dict(draft=8), dict(sees="shifted", kernel=3)),
    ("logits", dict(), dict(window=3, softmax=False, pooling="average")),
    ("no_pooling", dict(draft=1), dict(kernel=1)),
    ("value", dict(draft=3), dict(value=True, pooling="average", kernel=5)),
    ("one_head_a_group", dict(heads=2), dict(window=2)),
]
KV_HEADS, DIM, ROWS = 2, 8, 40


def draw(rng, *shape):
    """Normal numbers of three decimals, row-major."""
    return [round(rng.gauss(0, 1), 3) for _ in range(math.prod(shape))]


def pooled(row, options):
    half, result = options["kernel"] // 2, []
    for t in range(len(row)):
        near = row[max(0, t - half) : t + half + 1]
        result.append(max(near) if options["pooling"] == "max" else sum(near) / options["kernel"])
    return result


def case(name, shape, options):
    rng, options = random.Random(name), {**DEFAULTS, **options}
    heads, draft, window = shape.get("heads", 4), shape.get("draft", 5), options["window"]
    # The window that is kept has one token at least; its query looks only where there is a window.
    held, per_group, count = max(1, window), heads // KV_HEADS, window + draft
    last, drafted = draw(rng, heads, held, DIM), draw(rng, heads, draft, DIM)
    k, v = draw(rng, KV_HEADS, ROWS, DIM), draw(rng, KV_HEADS, ROWS, DIM)

    def query(head, i):
        rows, row = (last, head * held + i) if i < window else (drafted, head * draft + i - window)
        return rows[row * DIM : (row + 1) * DIM]

    past = ROWS - held
    scores = [[0.0] * past for _ in range(KV_HEADS)]
    for head in range(heads):
        group, sums = head // per_group, [0.0] * ROWS
        for i in range(count):
            if options["sees"] == "shifted":
                seen = ROWS - count + i + 1
            else:
                seen = ROWS - window + i + 1 if i < window else ROWS
            q = query(head, i)
            logits = [sum(a * b for a, b in zip(q, k[(group * ROWS + t) * DIM :])) / math.sqrt(DIM) for t in range(seen)]
            total = sum(math.exp(x) for x in logits)
            for t, x in enumerate(logits):
                sums[t] += math.exp(x) / total if options["softmax"] else x
        for t, s in enumerate(pooled(sums[: ROWS - window], options)[:past]):
            scores[group][t] += s / per_group

    if options["value"]:
        scores = [
            [s * math.sqrt(sum(x * x for x in v[(group * ROWS + t) * DIM : (group * ROWS + t + 1) * DIM])) for t, s in enumerate(row)]
            for group, row in enumerate(scores)]
    # A maximum over neighbours gives equal scores, of which any may stay: as many are kept as leave no doubt.
    best = [sorted(row, reverse=True) for row in scores]
    keep = next(n for n in range(held + 4, ROWS - 1) if all(row[n - held - 1] - row[n - held] > 1e-3 * abs(row[n - held]) for row in best))
    kept = [sorted(sorted(range(past), key=lambda t: -row[t])[: keep - held]) + list(range(past, ROWS)) for row in scores]
    return dict(
        id=name, kv_heads=KV_HEADS, heads=heads, rows=ROWS, dim=DIM, keep=keep, draft=draft, options=options,
        window_queries=last, draft_queries=drafted, keys=k, values=v,
        scores=[[round(s, 9) for s in row] for row in scores], kept=kept)


here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "..", "tests", "vectors", "cases", "laq_cases.json"), "w") as out:
    out.write('{"about": "What the method laq gives; written by eng/make-laq-vectors.py.",\n "laq_cases": [\n')
    out.write(",\n".join("  " + json.dumps(case(*c)) for c in CASES))
    out.write("\n ]}\n")
