namespace StarKV;

/// <summary>A conversation has more tokens than the model has positions for; a shorter one may be answered.</summary>
public sealed class StarKvPromptTooLongException : StarKvException
{
    /// <summary>Creates the error with its message.</summary>
    public StarKvPromptTooLongException(string message) : base(message) { }

    /// <summary>Creates the error with an interpolated message, its numbers in the invariant culture.</summary>
    public StarKvPromptTooLongException(InvariantText message) : base(message) { }
}
