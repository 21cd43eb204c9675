using StarKV.Runtime;

namespace StarKV.Cli;

/// <summary>Errors that whoever uses the command can put right.</summary>
internal static class Refusal
{
    /// <summary>The sentence that says what and how; null for a fault of the program itself.</summary>
    public static string? Sentence(Exception error) => error switch
    {
        StarKvException => error.Message,
        _ when MemoryShortage.Is(error) => MemoryShortage.Told(error).Message,
        IOException or UnauthorizedAccessException => error.Message,
        _ => null,
    };
}
