namespace StarKV.Evaluation.Records;

/// <summary>How long a method remembers.</summary>
public enum MemorySpan
{
    /// <summary>Each task starts fresh: what the released programs do before a sample.</summary>
    Sample,

    /// <summary>A history's earlier steps are read before it, one after the other, with the memory that the task then uses.</summary>
    Session,
}
