"""Makes tests/vectors/mini: drawn tasks, their prompts written out here, and the greedy answers of a plain float32 implementation with the model's weights.

    mini_reference.py MODEL DRAWN OUT

MODEL is a folder in the form of models/mini (FP8 with weight_scale, or bfloat16). DRAWN holds folders of `starkv minigui draw --split test`: single, wide
(--size 672x448), first and last. OUT gets samples.json and the pictures. Nothing of StarKV takes part: prompts, tokens, pixels and answers are made here.
Needs torch, numpy, PIL and regex (Debian: python3-torch python3-numpy python3-pil python3-regex, and libopenblas0: with the plain libblas it takes an hour).
"""
import json
import os
import shutil
import sys

import numpy as np
import regex
import torch
from PIL import Image

from plain_qwen25_vl import PlainQwen25Vl, check, read_model

# Folder of drawings, kind of task, name of the samples, how many.
WANTED = [
    ("single", "text", "text", 4), ("single", "icon", "icon", 3), ("single", "relation", "relation", 3), ("single", "read", "read", 3),
    ("wide", "text", "text_672x448", 2), ("first", "step", "multi_step_instruction_first", 3), ("last", "text", "multi_step_instruction_last", 3),
    ("last", "recall-word", "earlier_frame_type", 3),
]
GOLDEN = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "vectors", "golden", "model")
SYSTEM = "<|im_start|>system\nYou are a GUI agent.<|im_end|>\n"
SCREEN = "<|vision_start|><|image_pad|><|vision_end|>"


def user(text):
    return f"<|im_start|>user\n{text}<|im_end|>\n"


def prompt(task):
    first = task["order"] == "first"
    text = SYSTEM + (user(task["instruction"]) if first else "")
    for action in task["past_actions"]:
        text += user(SCREEN) + f"<|im_start|>assistant\n{action}<|im_end|>\n"
    return text + user(SCREEN + ("" if first else task["instruction"])) + "<|im_start|>assistant\n"


class Tokenizer:
    """Byte-pair encoding from a tokenizer.json, for ASCII text."""

    def __init__(self, folder):
        file = json.load(open(os.path.join(folder, "tokenizer.json")))
        self.ids = {**file["model"]["vocab"], **{t["content"]: t["id"] for t in file["added_tokens"]}}
        self.names = {i: name for name, i in self.ids.items()}
        pairs = [m.split(" ") if isinstance(m, str) else m for m in file["model"]["merges"]]
        self.ranks = {tuple(pair): rank for rank, pair in enumerate(pairs)}
        self.split = regex.compile(file["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"])
        self.special = regex.compile("(" + "|".join(regex.escape(t["content"]) for t in file["added_tokens"]) + ")")

    def encode(self, text):
        ids = []
        for part in self.special.split(text):
            ids += [self.ids[part]] if self.special.fullmatch(part) else [i for word in self.split.findall(part) for i in self.merge(word)]
        return ids

    def merge(self, word):
        pieces = list(word.replace(" ", "\u0120").replace("\n", "\u010a"))
        while len(pieces) > 1:
            best = min(range(len(pieces) - 1), key=lambda i: self.ranks.get((pieces[i], pieces[i + 1]), 1 << 30))
            if (pieces[best], pieces[best + 1]) not in self.ranks:
                break
            pieces[best:best + 2] = [pieces[best] + pieces[best + 1]]
        return [self.ids[piece] for piece in pieces]

    def decode(self, ids):
        return "".join(self.names[i] for i in ids).replace("\u0120", " ").replace("\u010a", "\n")


def patches_of(picture, pixels):
    """[rows * columns, 3 * 2 * 14 * 14], the four patches of a cell behind one another, each picture twice in time; with the grid of patches."""
    rows, columns = picture.height // 14, picture.width // 14
    if (picture.height % 28, picture.width % 28) != (0, 0):
        sys.exit(f"{picture.size} is no multiple of 28 px; resizing is not this program's matter.")
    x = (np.asarray(picture, np.float32) / 255 - np.float32(pixels["image_mean"])) / np.float32(pixels["image_std"])
    x = torch.from_numpy(x).view(rows // 2, 2, 14, columns // 2, 2, 14, 3).permute(0, 3, 1, 4, 6, 2, 5)
    return x.unsqueeze(5).expand(-1, -1, -1, -1, -1, 2, -1, -1).reshape(rows * columns, -1), rows, columns


def answer(model, tokenizer, pixels, text, pictures):
    """What the model writes, without the end of the turn, and the prompt's length."""
    parts = [patches_of(p, pixels) for p in pictures]
    for _, rows, columns in parts:
        text = text.replace("<|image_pad|>", "\0" * (rows // 2 * (columns // 2)), 1)
    ids = tokenizer.encode(text.replace("\0", "<|image_pad|>"))
    end = tokenizer.ids["<|im_end|>"]
    with torch.no_grad():
        written = model.greedy(ids, [(model.see(*part), (part[1] // 2, part[2] // 2)) for part in parts], 48, end)
    return tokenizer.decode([i for i in written if i != end]), len(ids)


def main(folder, drawn, out):
    print(f"logits of the random model: {check(GOLDEN):.1e} from those of transformers, relative to their size")
    model = PlainQwen25Vl(json.load(open(os.path.join(folder, "config.json"))), read_model(folder))
    tokenizer = Tokenizer(folder)
    pixels = json.load(open(os.path.join(folder, "preprocessor_config.json")))
    os.makedirs(out, exist_ok=True)
    samples, right = [], 0
    for where, kind, name, count in WANTED:
        tasks = [t for t in json.load(open(os.path.join(drawn, where, "minigui.json"))) if t["kind"] == kind and (where == "single" or where == "wide" or len(t["frames"]) > 1)]
        # One task a drawing, so that the samples differ.
        one = list({t["seed"]: t for t in tasks}.values())[:count]
        if len(one) < count:
            sys.exit(f"{where} has {len(one)} drawings with a task of kind {kind}; draw more than that ({count} are wanted).")
        for number, task in enumerate(one):
            pictures = [f"{name}_{number}_{i}.png" for i in range(len(task["frames"]))]
            for source, target in zip(task["frames"], pictures):
                shutil.copy(os.path.join(drawn, where, source), os.path.join(out, target))
            text = prompt(task)
            said, length = answer(model, tokenizer, pixels, text, [Image.open(os.path.join(out, p)).convert("RGB") for p in pictures])
            box = task["bbox"] and [task["bbox"][0], task["bbox"][1], task["bbox"][0] + task["bbox"][2], task["bbox"][1] + task["bbox"][3]]
            point = [int(v) for v in said.split("(")[-1].split(")")[0].split(",")] if "start_box" in said else None
            correct = box[0] <= point[0] < box[2] and box[1] <= point[1] < box[3] if box and point and len(point) == 2 else said == task["expected"]
            right += correct
            samples.append({"id": f"{name}_{number}", "images": pictures, "instruction": task["instruction"], "instruction_position": task["order"],
                            "target_box": box, "expected": task["expected"], "prompt_tokens": length, "prompt": text, "answer_full_cache": said, "correct": bool(correct)})
    with open(os.path.join(out, "samples.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(s) for s in samples) + "\n]\n")
    print(f"{right} of {len(samples)} right")


if __name__ == "__main__":
    main(*sys.argv[1:])
