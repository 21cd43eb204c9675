"""Makes tests/vectors/mini: drawn tasks, their prompts written out here, and the answers that transformers gives with the model's weights in float32.

    mini_reference.py MODEL DRAWN OUT

MODEL is a folder in the form of models/mini (FP8 with weight_scale, or bfloat16). DRAWN holds folders of `starkv minigui draw --split test`: single, wide
(--size 672x448), first and last. OUT gets samples.json and the pictures. Nothing of StarKV takes part: prompts, image preparation and answers are the peer's.
"""
import json
import os
import shutil
import sys
import tempfile

import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import AutoImageProcessor, AutoTokenizer, Qwen2_5_VLForConditionalGeneration

# Folder of drawings, kind of task, name of the samples, how many.
WANTED = [
    ("single", "Text", "text", 4), ("single", "Icon", "icon", 3), ("single", "Relation", "relation", 3), ("single", "Read", "read", 3),
    ("wide", "Text", "text_672x448", 2), ("first", "Step", "multi_step_instruction_first", 3), ("last", "Text", "multi_step_instruction_last", 3),
    ("last", "RecallWord", "earlier_frame_type", 3),
]
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


def load(folder):
    """The model in float32: every `weight` with a `weight_scale` is its FP8 numbers times the row's scale."""
    tensors = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".safetensors") and name != "training.safetensors":
            tensors.update(load_file(os.path.join(folder, name)))
    plain = {}
    for name, value in tensors.items():
        if name.endswith(".weight_scale"):
            continue
        scale = tensors.get(name + "_scale")
        plain[name] = (value.float() * scale.float() if scale is not None else value.float()).contiguous()
    with tempfile.TemporaryDirectory() as temp:
        save_file(plain, os.path.join(temp, "model.safetensors"), metadata={"format": "pt"})
        config = json.load(open(os.path.join(folder, "config.json")))
        config.pop("quantization_config", None)
        json.dump(config, open(os.path.join(temp, "config.json"), "w"))
        model, found = Qwen2_5_VLForConditionalGeneration.from_pretrained(temp, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    if found["missing_keys"] or found["unexpected_keys"]:
        sys.exit(f"weights do not fit: missing {sorted(found['missing_keys'])[:5]}, unexpected {sorted(found['unexpected_keys'])[:5]}")
    return model.eval()


def answer(model, tokenizer, processor, text, images):
    pixels = processor(images=images, return_tensors="pt")
    parts = text.split("<|image_pad|>")
    grids = pixels["image_grid_thw"]
    whole = parts[0] + "".join("<|image_pad|>" * (int(g.prod()) // 4) + p for g, p in zip(grids, parts[1:]))
    ids = torch.tensor([tokenizer(whole, add_special_tokens=False)["input_ids"]])
    end = tokenizer.convert_tokens_to_ids("<|im_end|>")
    image = tokenizer.convert_tokens_to_ids("<|image_pad|>")
    with torch.no_grad():
        out = model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels["pixel_values"], image_grid_thw=grids,
                             mm_token_type_ids=(ids == image).int(), do_sample=False, max_new_tokens=48, eos_token_id=end, pad_token_id=end)
    return tokenizer.decode(out[0, ids.shape[1]:], skip_special_tokens=True), ids.shape[1]


def main(folder, drawn, out):
    model = load(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    processor = AutoImageProcessor.from_pretrained(folder)
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
            said, length = answer(model, tokenizer, processor, text, [Image.open(os.path.join(out, p)).convert("RGB") for p in pictures])
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
