using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace StarKV.Runtime;

/// <summary>
/// Tells a lack of memory from faults, whoever reports it: .NET, libtorch's allocators on host and card, cuDNN, the CUDA driver, the
/// system.
/// </summary>
[Experimental("STARKV001")]
public static partial class MemoryShortage
{
    private const int NoMemory = 12;

    /// <summary>What may help with a request to a model.</summary>
    internal const string SmallerRequest =
        "Give smaller or fewer screenshots, fewer caches at a time or smaller runs (ChunkTokens), " +
            "or free what other requests and programs hold.";

    /// <summary>What may help with a model that does not fit.</summary>
    internal const string SmallerModel = "Take a smaller model, its numbers as bfloat16, or another device, " +
        "or free what other programs hold.";

    // libtorch's errors have no separate type by the time they arrive, only a text.
    private static readonly string[] s_phrases =
        ["out of memory", "OUT_OF_MEMORY", "ALLOC_FAILED", "ALLOCATION_FAILED", "not enough memory", "can't allocate memory",
            "Cannot allocate memory", "bad_alloc"];

    /// <summary>Whether a text of libtorch, cuDNN or the system says that memory is short.</summary>
    internal static bool Says(string message) =>
        Array.Exists(s_phrases, phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether an error is a lack of memory and nothing else.</summary>
    public static bool Is(Exception error) => error switch
    {
        StarKvException => error is StarKvMemoryException,
        OutOfMemoryException => true,
        ExternalException => Says(error.Message),
        IOException => error.HResult == NoMemory,
        AggregateException many => many.InnerExceptions.Any(Is),
        // A type of the runtime's own always starts, but where its memory is short: System.Marvin was seen at a limit of 3 GiB.
        TypeInitializationException { InnerException: { } inner } type =>
            Is(inner) || type.TypeName.StartsWith("System.", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>An error of a request as callers get it: a lack of memory in words, every other one unchanged.</summary>
    /// <param name="error">The error.</param>
    public static Exception Told(Exception error) => Told(error, "this request", SmallerRequest);

    /// <summary>An error as callers get it: a lack of memory in words, every other one unchanged.</summary>
    /// <param name="error">The error.</param>
    /// <param name="what">What there was not enough memory for.</param>
    /// <param name="wayOut">What may help, as a sentence.</param>
    internal static Exception Told(Exception error, string what, string wayOut)
    {
        if (error is StarKvException || !Is(error))
            return error;
        var message = Innermost(error).Message;
        var where = message.Contains("CUDA", StringComparison.OrdinalIgnoreCase)
            || message.Contains("cuDNN", StringComparison.OrdinalIgnoreCase)
            ? " on the card"
            : "";
        return new StarKvMemoryException($"There is not enough memory{where} for {what}{Asked(message)}. {wayOut}", error);
    }

    /// <summary>Does work whose lack of memory is to be told in words.</summary>
    /// <param name="what">What the work is.</param>
    /// <param name="wayOut">What may help, as a sentence.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="StarKvMemoryException">There is not enough memory.</exception>
    internal static T Guard<T>(string what, string wayOut, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is not StarKvException && Is(e))
        {
            throw Told(e, what, wayOut);
        }
    }

    /// <summary>How much was asked for in vain, as far as the message says it.</summary>
    private static string Asked(string message)
    {
        if (AllocationAsked().Match(message) is not { Success: true } match)
            return "";
        return match.Groups["unit"].Value == "bytes"
            && long.TryParse(match.Groups["amount"].Value, CultureInfo.InvariantCulture, out var bytes)
            ? string.Create(CultureInfo.InvariantCulture, $": {Math.Max(bytes >> 20, 1):N0} MiB were asked for at once")
            : $": {match.Groups["amount"].Value} {match.Groups["unit"].Value} were asked for at once";
    }

    private static Exception Innermost(Exception error) => error switch
    {
        AggregateException many => Innermost(many.InnerExceptions.First(Is)),
        TypeInitializationException { InnerException: { } inner } => Innermost(inner),
        _ => error,
    };

    [GeneratedRegex(
        @"tried to allocate (?<amount>[0-9]{1,19}(\.[0-9]{1,9})?) (?<unit>bytes|KiB|MiB|GiB)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex AllocationAsked();
}
