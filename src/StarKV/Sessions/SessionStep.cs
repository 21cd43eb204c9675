using System.Diagnostics.CodeAnalysis;
using StarKV.Text;

namespace StarKV.Sessions;

/// <summary>What a session is asked to read: the whole conversation, of which it knows a part.</summary>
/// <param name="Sequence">All tokens, with the opening of the answer.</param>
/// <param name="Frames">What tells each screenshot from others, oldest first: as many as the sequence has.</param>
/// <param name="AnswerTokens">Longest answer in tokens.</param>
/// <param name="Dropped">
/// Ranges of the tokens that the session holds which leave it first, the last ones first; the positions of the others stay. Usually none.
/// </param>
[Experimental("STARKV001")]
public sealed record SessionStep(
    TokenMap Sequence, IReadOnlyList<string> Frames, int AnswerTokens, IReadOnlyList<(int Start, int End)> Dropped)
{
    /// <summary>In one line, for logs and the debugger.</summary>
    public override string ToString() =>
        $"{ListText.Count(Sequence.Length, "token")}, screenshots {ListText.Of(Frames)}, dropped {ListText.Of(Dropped)}";
}
