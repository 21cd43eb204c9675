namespace StarKV.Observe;

/// <summary>Which vectors' lengths say how much a screenshot's token stands out.</summary>
public enum NormSource
{
    /// <summary>The attention's input, after the layer's norm: what the released programs read.</summary>
    Input,

    /// <summary>The residual stream: what the GUI-KV paper says.</summary>
    Residual,
}
