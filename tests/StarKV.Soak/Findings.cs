namespace StarKV.Soak;

/// <summary>What a mode found, told line by line. Thread-safe.</summary>
internal sealed class Findings
{
    private int _wrong;

    /// <summary>1 when something was wrong, else 0.</summary>
    public int ExitCode => _wrong == 0 ? 0 : 1;

    /// <summary>A row of the mode's table: what was looked at, n, what was found.</summary>
    public void Row(string what, int n, string found) => Console.WriteLine($"row\t{what}\t{n}\t{found}");

    /// <summary>Says what is wrong, when it is.</summary>
    public void Check(bool right, string sentence)
    {
        if (right)
            return;
        Interlocked.Increment(ref _wrong);
        Console.WriteLine($"wrong\t{sentence.ReplaceLineEndings(" ")}");
    }
}
