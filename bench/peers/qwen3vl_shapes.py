"""The published dense sizes of Qwen3-VL, as transformers 5.17 wants them."""
from transformers import Qwen3VLConfig

VISION = dict(depth=27, hidden_size=1152, num_heads=16, intermediate_size=4304, deepstack_visual_indexes=[8, 16, 24])
SMALL_VISION = dict(depth=24, hidden_size=1024, num_heads=16, intermediate_size=4096, deepstack_visual_indexes=[5, 11, 17])
SHAPES = {
    "qwen3-vl-2b": (dict(hidden_size=2048, intermediate_size=6144, num_hidden_layers=28, num_attention_heads=16), True, SMALL_VISION),
    "qwen3-vl-4b": (dict(hidden_size=2560, intermediate_size=9728, num_hidden_layers=36, num_attention_heads=32), True, SMALL_VISION),
    "qwen3-vl-8b": (dict(hidden_size=4096, intermediate_size=12288, num_hidden_layers=36, num_attention_heads=32), False, VISION),
    "qwen3-vl-32b": (dict(hidden_size=5120, intermediate_size=25600, num_hidden_layers=64, num_attention_heads=64), False, VISION),
}


def config_of(shape):
    sizes, tied, vision = SHAPES[shape]
    text = dict(sizes, num_key_value_heads=8, head_dim=128, vocab_size=151936, rms_norm_eps=1e-6, max_position_embeddings=262144,
                rope_parameters={"rope_type": "default", "rope_theta": 5e6, "mrope_section": [24, 20, 20], "mrope_interleaved": True})
    tower = dict(vision, out_hidden_size=sizes["hidden_size"], patch_size=16, spatial_merge_size=2, temporal_patch_size=2, num_position_embeddings=2304)
    config = Qwen3VLConfig(text_config=text, vision_config=tower, tie_word_embeddings=tied)
    config._attn_implementation = "sdpa"
    return config
