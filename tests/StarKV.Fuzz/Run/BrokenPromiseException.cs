namespace StarKV.Fuzz.Run;

/// <summary>A target returned something that contradicts itself.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message)
{
    /// <summary>Throws when a promise does not hold.</summary>
    public static void Unless(bool holds, string promise)
    {
        if (!holds)
            throw new BrokenPromiseException(promise);
    }
}
