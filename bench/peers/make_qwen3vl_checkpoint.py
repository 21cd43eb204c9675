"""Writes a random Qwen3-VL checkpoint of a published size in transformers' own layout, and what transformers answers with it.

    make_qwen3vl_checkpoint.py FOLDER [--shape qwen3-vl-8b] [--screens 1 2] [--size 1920x1088] [--tokens 24] [--device cuda]
    starkv conformance FOLDER --device cuda --dtype float32
    starkv conformance FOLDER --device cuda --dtype bfloat16

The vectors are those of `starkv conformance`: greedy tokens and logits in float32, two decoder layers' outputs to look at where they differ, and how far
transformers' own bfloat16 logits are from its float32 ones. Weights are normal with deviation 0.02, norms near one and biases near zero, so that a norm or
a bias that is left out shows. Needs torch, transformers 5.17 and safetensors, and for the 8B a card of 48 GB and 20 GB of disk.
"""
import argparse
import json
import os

import torch
import transformers
from safetensors.torch import save_file
from transformers import Qwen3VLForConditionalGeneration

from qwen3vl_shapes import SHAPES, config_of

TEXT_BEFORE, TEXT_AFTER, PATCH, PIXEL_SCALE = 24, 40, 16, 40


def make(config, folder, device, seed):
    with torch.device(device):
        model = Qwen3VLForConditionalGeneration._from_config(config, dtype=torch.bfloat16)
    generator = torch.Generator(device).manual_seed(seed)
    for name, parameter in model.named_parameters():
        numbers = torch.randn(parameter.shape, generator=generator, device=device, dtype=torch.float32)
        if parameter.dim() > 1:
            numbers *= 0.02
        else:
            numbers = 0.1 * numbers + (0.0 if name.endswith("bias") else 1.0)
        parameter.data.copy_(numbers)
    model.save_pretrained(folder, max_shard_size="4GB")
    del model
    torch.cuda.empty_cache()


def question(config, count, width, height, seed):
    gh, gw = height // PATCH, width // PATCH
    ids = list(range(100, 100 + TEXT_BEFORE))
    for _ in range(count):
        ids += [config.vision_start_token_id] + [config.image_token_id] * (gh * gw // 4) + [config.vision_end_token_id]
    ids += list(range(1000, 1000 + TEXT_AFTER))
    generator = torch.Generator().manual_seed(seed)
    # Both frames of a patch are equal, as of every screenshot.
    frame = torch.randint(-PIXEL_SCALE, PIXEL_SCALE + 1, (count * gh * gw, 3, 1, PATCH * PATCH), generator=generator, dtype=torch.int8)
    return torch.tensor([ids]), frame.expand(-1, -1, 2, -1).reshape(count * gh * gw, -1).contiguous(), torch.tensor([[1, gh, gw]] * count)


@torch.inference_mode()
def answer(model, asked, tokens):
    ids, pixels, grid = (t.to(model.device) for t in asked)
    kind = (ids == model.config.image_token_id).int()
    out = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=(pixels.float() / PIXEL_SCALE).to(model.dtype), image_grid_thw=grid,
        mm_token_type_ids=kind, do_sample=False, max_new_tokens=tokens, min_new_tokens=tokens, eos_token_id=None, pad_token_id=0, use_cache=True,
        output_logits=True, return_dict_in_generate=True)
    return out.sequences[0, ids.shape[1]:].cpu(), torch.cat(out.logits).float().cpu()


def watch(model, layers):
    """Notes what decoder layers give for the prompt, before the screenshots' features are added."""
    seen = {}

    def note(index):
        def hook(_, __, out):
            hidden = out[0] if isinstance(out, tuple) else out
            seen.setdefault(f"out.text.layer{index}", hidden.reshape(-1, hidden.shape[-1]).float().cpu().contiguous())
        return hook

    hooks = [model.model.language_model.layers[i].register_forward_hook(note(i)) for i in layers]
    return seen, hooks


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--shape", default="qwen3-vl-8b", choices=SHAPES)
    parser.add_argument("--screens", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--size", default="1920x1088")
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    width, height = map(int, args.size.split("x"))
    if width % 32 or height % 32:
        parser.error("--size must be multiples of 32")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    config = config_of(args.shape)
    make(config, args.folder, args.device, args.seed)

    cases, rounded = [], {}
    asked = {n: question(config, n, width, height, args.seed + n) for n in args.screens}
    model = Qwen3VLForConditionalGeneration.from_pretrained(args.folder, dtype=torch.bfloat16, attn_implementation="sdpa").to(args.device).eval()
    for n in args.screens:
        rounded[n] = answer(model, asked[n], 1)[1][0]
    del model
    torch.cuda.empty_cache()
    model = Qwen3VLForConditionalGeneration.from_pretrained(args.folder, dtype=torch.float32, attn_implementation="sdpa").to(args.device).eval()
    for n in args.screens:
        seen, hooks = watch(model, [0, 3])
        tokens, logits = answer(model, asked[n], args.tokens)
        for hook in hooks:
            hook.remove()
        ids, pixels, grid = asked[n]
        name = f"{n}_screens"
        save_file({
            "in.input_ids": ids, "in.pixel_values_q": pixels, "in.image_grid_thw": grid, "out.greedy_tokens": tokens.long(),
            "out.greedy_logits": logits[:8].contiguous(), "out.logits": logits[:1].contiguous(),
            "out.logits_positions": torch.tensor([ids.shape[1] - 1]), **seen,
        }, os.path.join(args.folder, f"{name}.vectors.safetensors"))
        best = logits.topk(2).values
        cases.append({
            "name": name, "file": f"{name}.vectors.safetensors", "length": ids.shape[1], "greedy": tokens.tolist(),
            "min_top1_margin": (best[:, 0] - best[:, 1]).min().item(), "logits_abs_max": logits.abs().max().item(),
            "bfloat16_relative": ((rounded[n] - logits[0]).abs().max() / logits[0].abs().max()).item(),
        })
    with open(os.path.join(args.folder, "manifest.json"), "w") as file:
        json.dump({
            "family": "qwen3_vl", "shape": args.shape, "transformers": transformers.__version__, "torch": torch.__version__, "seed": args.seed,
            "pixel_values_rule": "pixel_values = in.pixel_values_q / 40, float32", "layer_rule": "out.text.layerN is the decoder layer's own output",
            "cases": cases,
        }, file, indent=1)
    print(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
