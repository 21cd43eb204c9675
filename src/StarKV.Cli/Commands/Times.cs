using StarKV.Account;

namespace StarKV.Cli.Commands;

/// <summary>Stage times on one line.</summary>
public static class Times
{
    public static string Of(StageTimes times) =>
        $"preprocess {Format.Milliseconds(times.Preprocess)}, vision {Format.Milliseconds(times.Vision)}, " +
            $"prefill {Format.Milliseconds(times.Prefill)} " +
        $"(selection {Format.Milliseconds(times.Selection)}" +
            (times.Draft > TimeSpan.Zero ? $", draft {Format.Milliseconds(times.Draft)}" : "") +
        $"), decode {Format.Milliseconds(times.Decode)}";
}
