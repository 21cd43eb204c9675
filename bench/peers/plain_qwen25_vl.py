"""Qwen2.5-VL in plain float32 tensors, as its paper and configuration describe it: no cache, no kernel, nothing of StarKV, torch from 1.13 on.

Small models only: every token is computed again for the next one. `check` compares it with what transformers gave for a random model.
"""
import json
import os
import struct

import numpy as np
import torch
from torch.nn.functional import gelu, linear, silu


def read_safetensors(path):
    """All tensors in float32 or int64. FP8 E4M3 and bfloat16 are widened here, since older torch and numpy know neither."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        raw = data[slice(*entry["data_offsets"])]
        if entry["dtype"] == "F8_E4M3":
            bits = np.arange(256)
            exponent, fraction = bits >> 3 & 15, bits & 7
            table = np.where(exponent > 0, (1 + fraction / 8) * 2.0 ** (exponent - 7), fraction / 8 * 2.0**-6) * np.where(bits > 127, -1, 1)
            value = table[np.frombuffer(raw, np.uint8)].astype(np.float32)
        elif entry["dtype"] == "BF16":
            value = (np.frombuffer(raw, np.uint16).astype(np.uint32) << 16).view(np.float32)
        else:
            value = np.frombuffer(raw, {"F32": np.float32, "I64": np.int64, "I8": np.int8}[entry["dtype"]]).copy()
        tensors[name] = torch.from_numpy(value).view(entry["shape"])
    return tensors


def read_model(folder):
    """The weights of a folder; every `weight` with a `weight_scale` is its stored numbers times the row's scale."""
    stored = {}
    for name in sorted(os.listdir(folder)):
        if name.startswith("model") and name.endswith(".safetensors"):
            stored.update(read_safetensors(os.path.join(folder, name)))
    return {name: value * stored[name + "_scale"] if name + "_scale" in stored else value for name, value in stored.items() if not name.endswith("_scale")}


def rms_norm(x, gain, eps=1e-6):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * gain


def turn(x, angles):
    """Rotates x [heads, n, d] by angles [n, d / 2]; the halves of d are the two coordinates."""
    first, second = x.chunk(2, -1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([first * cos - second * sin, second * cos + first * sin], -1)


def attend(q, k, v, seen):
    """q [heads, n, d], k and v [heads, n, d]; seen [n, n] says which keys a query sees."""
    scores = (q @ k.transpose(1, 2) / q.shape[2] ** 0.5).masked_fill(~seen, float("-inf"))
    return (scores.softmax(-1) @ v).transpose(0, 1).flatten(1)


class PlainQwen25Vl:
    def __init__(self, config, weights):
        self.c, self.v, self.w = config, config["vision_config"], weights

    def layer(self, prefix):
        """A layer's linear maps by name, each with its bias where it has one."""
        return lambda name, x: linear(x, self.w[f"{prefix}{name}.weight"], self.w.get(f"{prefix}{name}.bias"))

    def see(self, patches, rows, columns):
        """One picture's patches [rows * columns, 3 * 2 * 14 * 14], four of a cell behind one another -> [cells, hidden], cells row by row."""
        v, w = self.v, self.w
        heads, eps = v["num_heads"], 1e-6
        d = v["hidden_size"] // heads
        cell = torch.arange(rows * columns) // 4
        across = columns // 2
        y, x = cell // across * 2 + torch.arange(rows * columns) % 4 // 2, cell % across * 2 + torch.arange(rows * columns) % 2
        rates = 10000.0 ** -(torch.arange(0, d // 2, 2) / (d // 2))
        angles = torch.cat([y[:, None] * rates, x[:, None] * rates], 1)
        side = v["window_size"] // v["patch_size"] // 2
        window = y // 2 // side * across + x // 2 // side
        together = window[:, None] == window[None, :]
        h = patches @ w["visual.patch_embed.proj.weight"].flatten(1).T
        for i in range(v["depth"]):
            prefix = f"visual.blocks.{i}."
            map_ = self.layer(prefix)
            q, k, val = map_("attn.qkv", rms_norm(h, w[prefix + "norm1.weight"], eps)).view(-1, 3, heads, d).permute(1, 2, 0, 3)
            seen = torch.ones_like(together) if i in v["fullatt_block_indexes"] else together
            h = h + map_("attn.proj", attend(turn(q, angles), turn(k, angles), val, seen))
            inner = rms_norm(h, w[prefix + "norm2.weight"], eps)
            h = h + map_("mlp.down_proj", silu(map_("mlp.gate_proj", inner)) * map_("mlp.up_proj", inner))
        merge = self.layer("visual.merger.mlp.")
        return merge("2", gelu(merge("0", rms_norm(h, w["visual.merger.ln_q.weight"], eps).view(-1, 4 * v["hidden_size"]))))

    def positions(self, ids, grids):
        """Time, row and column of every token, [3, n]: text counts on, a picture's cells share the time at which it begins."""
        places, at, pictures, i = [], 0, iter(grids), 0
        while i < len(ids):
            if ids[i] != self.c["image_token_id"]:
                places.append([at] * 3)
                at, i = at + 1, i + 1
                continue
            rows, columns = next(pictures)
            places += [[at, at + y, at + x] for y in range(rows) for x in range(columns)]
            at, i = at + max(rows, columns), i + rows * columns
        return torch.tensor(places).T

    def logits(self, ids, pictures, last=1):
        """The logits of the last tokens, [last, vocabulary]; pictures are (embeddings [cells, hidden], (rows, columns) of cells)."""
        c, w = self.c, self.w
        heads, groups, d, eps = c["num_attention_heads"], c["num_key_value_heads"], c["hidden_size"] // c["num_attention_heads"], c["rms_norm_eps"]
        places = self.positions(ids, [grid for _, grid in pictures])
        axis = torch.cat([torch.full([n], i) for i, n in enumerate(c["rope_scaling"]["mrope_section"])])
        angles = places[axis].T * c["rope_theta"] ** -(torch.arange(0, d, 2) / d)
        seen = torch.ones(len(ids), len(ids), dtype=torch.bool).tril()
        ids = torch.tensor(ids)
        h = w["model.embed_tokens.weight"][ids]
        if pictures:
            h[ids == c["image_token_id"]] = torch.cat([embeddings for embeddings, _ in pictures])
        for i in range(c["num_hidden_layers"]):
            prefix = f"model.layers.{i}."
            map_ = self.layer(prefix)
            x = rms_norm(h, w[prefix + "input_layernorm.weight"], eps)
            q = turn(map_("self_attn.q_proj", x).view(-1, heads, d).transpose(0, 1), angles)
            k = turn(map_("self_attn.k_proj", x).view(-1, groups, d).transpose(0, 1), angles).repeat_interleave(heads // groups, 0)
            v = map_("self_attn.v_proj", x).view(-1, groups, d).transpose(0, 1).repeat_interleave(heads // groups, 0)
            h = h + map_("self_attn.o_proj", attend(q, k, v, seen))
            x = rms_norm(h, w[prefix + "post_attention_layernorm.weight"], eps)
            h = h + map_("mlp.down_proj", silu(map_("mlp.gate_proj", x)) * map_("mlp.up_proj", x))
        return linear(rms_norm(h[-last:], w["model.norm.weight"], eps), w.get("lm_head.weight", w["model.embed_tokens.weight"]))

    def greedy(self, ids, pictures, most, end=None):
        """The likeliest token, again and again, until `end` or `most` of them."""
        written = []
        while len(written) < most and (not written or written[-1] != end):
            written.append(int(self.logits(ids + written, pictures)[0].argmax()))
        return written


@torch.no_grad()
def check(folder):
    """The largest difference to the logits that transformers gave, relative to their size; the greedy tokens must be equal."""
    model = PlainQwen25Vl(json.load(open(os.path.join(folder, "config_hub_style.json"))), read_model(folder))
    worst = 0.0
    for case in json.load(open(os.path.join(folder, "manifest.json")))["cases"]:
        file = read_safetensors(os.path.join(folder, case["file"]))
        ids, patches = file["in.input_ids"][0].tolist(), file["in.pixel_values_q"].float() / 40
        grids = [(rows, columns) for _, rows, columns in case["grids"]]
        parts = patches.split([rows * columns for rows, columns in grids])
        pictures = [(model.see(part, *grid), (grid[0] // 2, grid[1] // 2)) for part, grid in zip(parts, grids)]
        logits = model.logits(ids, pictures, len(ids))[file["out.logits_positions"]]
        worst = max(worst, float((logits - file["out.logits"]).abs().max() / file["out.logits"].abs().max()))
        if model.greedy(ids, pictures, 16) != case["greedy"]:
            raise SystemExit(f"{case['name']}: other tokens than transformers wrote.")
    return worst
