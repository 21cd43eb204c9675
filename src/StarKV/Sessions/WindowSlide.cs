namespace StarKV.Sessions;

/// <summary>What becomes of the rest of a session when a screenshot leaves it.</summary>
public enum WindowSlide
{
    /// <summary>The screenshot's rows and its turn's markers go; all others stay as they are, at their positions. The default.</summary>
    Drop,

    /// <summary>Everything after the screenshot is read again, as a conversation that never had it.</summary>
    Exact,
}
