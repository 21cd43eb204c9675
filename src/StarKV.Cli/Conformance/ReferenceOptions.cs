using System.Text.Json;
using StarKV.Score;

namespace StarKV.Cli.Conformance;

/// <summary>Reads STaR-KV's options as the released programs name them.</summary>
internal static class ReferenceOptions
{
    public static StarKvOptions Read(JsonElement flags)
    {
        double Number(string name, double missing) => flags.TryGetProperty(name, out var value) ? value.GetDouble() : missing;
        int Whole(string name, int missing) => (int)Number(name, missing);
        bool Flag(string name, bool missing) => flags.TryGetProperty(name, out var value) ? value.GetBoolean() : missing;

        var o = StarKvOptions.Reference;
        return o with
        {
            Window = Whole("window_size", o.Window),
            Kernel = Whole("kernel_size", o.Kernel),
            Pooling = flags.TryGetProperty("pooling", out var pooling) && pooling.GetString() == "maxpool" ? Pooling.Max : Pooling.Average,
            Alpha = Number("alpha", o.Alpha),
            SaliencyTemperature = Number("temperature", o.SaliencyTemperature),
            PriorStrength = Number("kv_group_soft_prior_lambda", o.PriorStrength),
            PriorWarmup = Whole("kv_group_online_profile_steps", o.PriorWarmup),
            PriorDecay = Number("kv_group_online_profile_decay", o.PriorDecay),
            PriorTemperature = Number("kv_group_online_profile_tau", o.PriorTemperature),
            PriorRamp = Math.Max(1, Whole("kv_group_online_profile_lambda_ramp_steps", o.PriorRamp)),
            Entropy = Flag("kv_entropy_budget_enable", o.Entropy),
            MinTemperature = Number("kv_entropy_budget_min_scale", o.MinTemperature),
            MaxTemperature = Number("kv_entropy_budget_max_scale", o.MaxTemperature),
            TemperatureSmoothing = Number("kv_entropy_budget_smooth", o.TemperatureSmoothing),
            Temporal = Flag("kv_group_temporal_enable", o.Temporal),
            TemporalDelta = Number("kv_group_temporal_delta", o.TemporalDelta),
            PatternDecay = Number("kv_group_temporal_rho", o.PatternDecay),
            StabilityFloor = Number("kv_group_temporal_eps", o.StabilityFloor),
            DiscountFloor = Number("kv_group_temporal_discount_min", o.DiscountFloor),
            TemporalWarmup = Whole("kv_group_temporal_warmup_steps", o.TemporalWarmup),
        };
    }
}
