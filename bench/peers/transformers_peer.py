"""Times Qwen2.5-VL and Qwen3-VL in transformers for the shapes of `starkv-bench`, and prints JSON of the same form.

Random weights, bfloat16, sdpa. Pixels to first token: the processor's float patches lie in host memory, then upload,
vision tower, prefill, argmax on the host. Preprocessing is not timed in either program.
"""
import argparse
import json
import platform
import statistics
import sys
import time

import torch
import transformers
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, Qwen3VLForConditionalGeneration

import qwen3vl_shapes

SHAPES = {
    "7b": dict(hidden_size=3584, intermediate_size=18944, num_hidden_layers=28, num_attention_heads=28, num_key_value_heads=4,
               vocab_size=152064, tie_word_embeddings=False),
    "3b": dict(hidden_size=2048, intermediate_size=11008, num_hidden_layers=36, num_attention_heads=16, num_key_value_heads=2,
               vocab_size=151936, tie_word_embeddings=True),
}
TEXT_BEFORE, TEXT_AFTER, DECODE_TOKENS = 24, 40, 32


def config_of(shape):
    if shape in qwen3vl_shapes.SHAPES:
        return qwen3vl_shapes.config_of(shape)
    text = dict(SHAPES[shape], rms_norm_eps=1e-6, rope_theta=1e6, max_position_embeddings=128000,
                rope_scaling={"type": "mrope", "mrope_section": [16, 24, 24]})
    vision = dict(depth=32, hidden_size=1280, num_heads=16, intermediate_size=3420, out_hidden_size=text["hidden_size"], patch_size=14,
                  spatial_merge_size=2, temporal_patch_size=2, window_size=112, fullatt_block_indexes=[7, 15, 23, 31])
    tie = text.pop("tie_word_embeddings")
    config = Qwen2_5_VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=tie)
    config._attn_implementation = "sdpa"
    return config


def build(shape):
    config = config_of(shape)
    kind = Qwen3VLForConditionalGeneration if shape in qwen3vl_shapes.SHAPES else Qwen2_5_VLForConditionalGeneration
    with torch.device("meta"):
        model = kind(config)
    model = model.to(torch.bfloat16).to_empty(device="cuda").eval()
    torch.manual_seed(1)
    for name, parameter in model.named_parameters():
        if parameter.dim() > 1:
            parameter.data.normal_(0, 0.02)
        else:
            parameter.data.fill_(0.0 if name.endswith("bias") else 1.0)
    # Rotary frequencies are buffers; to_empty left them without values.
    fresh = {}
    for name, module in model.named_modules():
        if hasattr(module, "inv_freq"):
            if hasattr(module, "config"):
                fresh[name] = type(module)(config=module.config, device="cuda")
            else:
                fresh[name] = type(module)(module.inv_freq.numel() * 2).to("cuda")
    for name, module in fresh.items():
        parent = model.get_submodule(name.rpartition(".")[0])
        setattr(parent, name.rpartition(".")[2], module)
    return model, config


def spread(values):
    return {"median": round(statistics.median(values), 3), "min": round(min(values), 3), "max": round(max(values), 3), "n": len(values)}


@torch.inference_mode()
def run(model, config, count, width, height, repeats):
    patch = config.vision_config.patch_size
    # The nearest size that cells tile, as the processor chooses it.
    gh, gw = (2 * round(side / (2 * patch)) for side in (height, width))
    tokens = gh * gw // 4
    ids = list(range(100, 100 + TEXT_BEFORE))
    for _ in range(count):
        ids += [config.vision_start_token_id] + [config.image_token_id] * tokens + [config.vision_end_token_id]
    ids += list(range(1000, 1000 + TEXT_AFTER))
    ids = torch.tensor([ids])
    pixels = torch.randn(count * gh * gw, 6 * patch * patch)
    grid = torch.tensor([[1, gh, gw]] * count)
    extra = {"mm_token_type_ids": (ids == config.image_token_id).int().cuda()}
    first, vision, decode = [], [], []
    held = peak = 0
    for i in range(-2, repeats):
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
        start = time.perf_counter()
        model.model.visual(pixels.cuda().to(torch.bfloat16), grid_thw=grid.cuda())
        torch.cuda.synchronize()
        seen = time.perf_counter()
        out = model(input_ids=ids.cuda(), pixel_values=pixels.cuda().to(torch.bfloat16), image_grid_thw=grid.cuda(), use_cache=True, logits_to_keep=1, **extra)
        token = out.logits[0, -1].argmax().item()
        done = time.perf_counter()
        peak = max(peak, torch.cuda.max_memory_allocated())
        cache = out.past_key_values
        held = sum(l.keys.numel() * l.keys.element_size() + l.values.numel() * l.values.element_size() for l in cache.layers)
        start_decode = time.perf_counter()
        for _ in range(DECODE_TOKENS - 1):
            out = model(input_ids=torch.tensor([[token]], device="cuda"), past_key_values=cache, use_cache=True, logits_to_keep=1)
            token = out.logits[0, -1].argmax().item()
        end = time.perf_counter()
        if i >= 0:
            vision.append((seen - start) * 1e3)
            first.append((done - seen) * 1e3)
            decode.append((end - start_decode) * 1e3 / (DECODE_TOKENS - 1))
        del out, cache
    return {"screens": count, "method": "full", "keep": "100%", "promptTokens": ids.shape[1], "kvBytesHeld": held, "peakAllocatedBytes": peak,
            "milliseconds": {"pixelsToFirstToken": spread(first), "vision": spread(vision), "decodePerToken": spread(decode)}}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", default="7b", choices=[*SHAPES, *qwen3vl_shapes.SHAPES])
    parser.add_argument("--screens", type=int, nargs="+", default=[1, 5])
    parser.add_argument("--size", default="1932x1092")
    parser.add_argument("--repeats", type=int, default=10)
    args = parser.parse_args()
    width, height = map(int, args.size.split("x"))
    model, config = build(args.shape)
    rows = [run(model, config, n, width, height, args.repeats) for n in args.screens]
    json.dump({"system": f"transformers {transformers.__version__}, torch {torch.__version__}, sdpa", "shape": args.shape, "dType": "bfloat16",
               "weights": "random normal 0.02", "device": torch.cuda.get_device_name(), "screenshot": args.size, "repeats": args.repeats,
               "python": platform.python_version(), "rows": rows}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
