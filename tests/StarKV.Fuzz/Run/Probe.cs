namespace StarKV.Fuzz.Run;

/// <summary>Gives one input to a target and watches what it does.</summary>
internal static class Probe
{

    /// <summary>Reads the input.</summary>
    public static Outcome Run(IFuzzTarget target, byte[] input)
    {
        var (cpu, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        var (kind, shape, message) = Read(target, input);
        var allocated = GC.GetTotalAllocatedBytes() - bytes;
        var taken = Environment.CpuUsage.TotalTime - cpu;
        if (allocated > IFuzzTarget.AllowedBytes && kind is OutcomeKind.Accepted or OutcomeKind.Refused && allocated > target.AllowedFor(input))
            (kind, shape, message) = (OutcomeKind.Allocation, "allocation", $"{allocated:N0} bytes allocated for an input of {input.Length:N0}; {target.AllowedFor(input):N0} are allowed. {message}");
        return new Outcome(kind, shape, message, taken.TotalSeconds, allocated);
    }

    private static (OutcomeKind Kind, string Shape, string Message) Read(IFuzzTarget target, byte[] input)
    {
        try
        {
            return (OutcomeKind.Accepted, target.Run(input), "");
        }
        catch (StarKvException e) when (!target.TakesEverything)
        {
            return (OutcomeKind.Refused, ShapeText.Of(e.Message), e.Message);
        }
        catch (BrokenPromiseException e)
        {
            return (OutcomeKind.BrokenPromise, ShapeText.Of(e.Message), e.Message);
        }
        catch (Exception e)
        {
            return (OutcomeKind.Fault, $"{e.GetType().Name} {Place(e)}", $"{e.GetType().Name}: {e.Message}\n{e.StackTrace}");
        }
    }

    // The place tells faults apart: the same exception may come from several readers.
    private static string Place(Exception e) =>
        e.StackTrace?.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith("at StarKV.", StringComparison.Ordinal))?.Split('(')[0] ?? "";
}
