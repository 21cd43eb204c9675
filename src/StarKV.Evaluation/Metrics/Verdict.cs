namespace StarKV.Evaluation.Metrics;

/// <summary>What became of an answer.</summary>
public enum Verdict
{
    /// <summary>The action is right.</summary>
    Right,

    /// <summary>There is an action, and it is not right.</summary>
    Wrong,

    /// <summary>The answer holds no action that can be read. It counts as not right.</summary>
    Unreadable,
}
