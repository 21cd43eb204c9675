namespace StarKV.Sessions;

/// <summary>What becomes of the rest of a session when a screenshot, or a whole turn, leaves it.</summary>
public enum WindowSlide
{
    /// <summary>
    /// The rows of what leaves go, a screenshot's with its turn's markers; all others stay as they are, at their positions. The default.
    /// </summary>
    Drop,

    /// <summary>Everything after it is read again, as a conversation that never had it.</summary>
    Exact,
}
