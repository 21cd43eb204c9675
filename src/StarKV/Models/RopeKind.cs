namespace StarKV.Models;

/// <summary>What a rotary position counts.</summary>
public enum RopeKind
{
    /// <summary>M-RoPE: time, row and column, each for its own share of a head's channels. Qwen2.5-VL, UI-TARS-1.5.</summary>
    MRope,

    /// <summary>1-D RoPE: the token's place in the sequence, vision tokens included, for all channels. OpenCUA.</summary>
    OneDimensional,
}
