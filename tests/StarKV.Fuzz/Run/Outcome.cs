namespace StarKV.Fuzz.Run;

/// <summary>What became of an input.</summary>
internal enum OutcomeKind
{
    /// <summary>It was read.</summary>
    Accepted,

    /// <summary>It was refused with a sentence.</summary>
    Refused,

    /// <summary>An exception that no reader may throw.</summary>
    Fault,

    /// <summary>What was read contradicts itself.</summary>
    BrokenPromise,

    /// <summary>More was allocated than the input allows.</summary>
    Allocation,

    /// <summary>It took more processor time than any input may.</summary>
    Hang,

    /// <summary>The process died.</summary>
    Death,
}

/// <summary>What became of an input, and at what cost.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Shape">The outcome without the input's own numbers and texts: equal for inputs that behave alike.</param>
/// <param name="Message">What was said; empty for an input that was read.</param>
/// <param name="CpuSeconds">Processor time of the process meanwhile.</param>
/// <param name="AllocatedBytes">Managed bytes that all threads of the process allocated meanwhile.</param>
internal sealed record Outcome(OutcomeKind Kind, string Shape, string Message, double CpuSeconds, long AllocatedBytes)
{
    /// <summary>True for what must not happen.</summary>
    public bool IsFinding => Kind is not (OutcomeKind.Accepted or OutcomeKind.Refused);
}
