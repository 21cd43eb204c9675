using System.Text.Json;
using StarKV.Score;

namespace StarKV.Conformance;

/// <summary>Makes methods from options as the released programs name them.</summary>
internal static class ReleasedOptions
{
    /// <summary>The method of a vector's policy, set up as the released program was; null when it is not built.</summary>
    public static ICompressionMethod? Method(string policy, JsonElement flags)
    {
        var f = new Flags(flags);
        return policy switch
        {
            "starkv" => new StarKv(StarKv(f)),
            "snapkv" => new SnapKv(Attention(f)),
            "pyramidkv" => new PyramidKv(PyramidKvOptions.Reference with { Attention = Attention(f) }),
            // The released program measures sparsity in an extra pass that feeds every layer the embeddings.
            "vl_cache" => new VlCache(new VlCacheOptions { Attention = Attention(f), Sparsity = Sparsity.Embeddings }),
            "gui_kv" => new GuiKv(new GuiKvOptions
            {
                Attention = Attention(f),
                Alpha = f.Number("alpha", 2),
                SaliencyTemperature = f.Number("temperature", 3.5),
            }),
            _ => null,
        };
    }

    /// <summary>The released programs keep tokens query head by query head.</summary>
    private static AttentionOptions Attention(Flags f) => new()
    {
        Window = f.Whole("window_size", 8),
        Kernel = f.Whole("kernel_size", 5),
        Pooling = f.Pooling,
        Granularity = Granularity.QueryHead,
    };

    private static StarKvOptions StarKv(Flags f)
    {
        var o = StarKvOptions.Reference;
        return o with
        {
            Window = f.Whole("window_size", o.Window),
            Kernel = f.Whole("kernel_size", o.Kernel),
            Pooling = f.Pooling,
            Alpha = f.Number("alpha", o.Alpha),
            SaliencyTemperature = f.Number("temperature", o.SaliencyTemperature),
            PriorStrength = f.Number("kv_group_soft_prior_lambda", o.PriorStrength),
            PriorWarmup = f.Whole("kv_group_online_profile_steps", o.PriorWarmup),
            PriorDecay = f.Number("kv_group_online_profile_decay", o.PriorDecay),
            PriorTemperature = f.Number("kv_group_online_profile_tau", o.PriorTemperature),
            PriorRamp = Math.Max(1, f.Whole("kv_group_online_profile_lambda_ramp_steps", o.PriorRamp)),
            Entropy = f.Switch("kv_entropy_budget_enable", o.Entropy),
            MinTemperature = f.Number("kv_entropy_budget_min_scale", o.MinTemperature),
            MaxTemperature = f.Number("kv_entropy_budget_max_scale", o.MaxTemperature),
            TemperatureSmoothing = f.Number("kv_entropy_budget_smooth", o.TemperatureSmoothing),
            Temporal = f.Switch("kv_group_temporal_enable", o.Temporal),
            TemporalDelta = f.Number("kv_group_temporal_delta", o.TemporalDelta),
            PatternDecay = f.Number("kv_group_temporal_rho", o.PatternDecay),
            StabilityFloor = f.Number("kv_group_temporal_eps", o.StabilityFloor),
            DiscountFloor = f.Number("kv_group_temporal_discount_min", o.DiscountFloor),
            TemporalWarmup = f.Whole("kv_group_temporal_warmup_steps", o.TemporalWarmup),
        };
    }

    private readonly struct Flags(JsonElement flags)
    {
        public Pooling Pooling =>
            flags.TryGetProperty("pooling", out var value) && value.GetString() == "maxpool" ? Pooling.Max : Pooling.Average;

        public double Number(string name, double missing) => flags.TryGetProperty(name, out var value) ? value.GetDouble() : missing;

        public int Whole(string name, int missing) => (int)Number(name, missing);

        public bool Switch(string name, bool missing) => flags.TryGetProperty(name, out var value) ? value.GetBoolean() : missing;
    }
}
