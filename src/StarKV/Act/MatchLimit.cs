using System.Diagnostics.CodeAnalysis;

namespace StarKV.Act;

/// <summary>How long one search in a text of others may take.</summary>
/// <remarks>
/// A regular expression of this project is <c>NonBacktracking</c>, or it is one that takes linear time and also has this limit, should
/// somebody have been wrong about that. What takes longer counts as unreadable.
/// </remarks>
[Experimental("STARKV001")]
public static class MatchLimit
{
    /// <summary>In milliseconds. The slowest search takes about half a second in 256 KB, twice what the longest answer holds.</summary>
    public const int Milliseconds = 10_000;
}
