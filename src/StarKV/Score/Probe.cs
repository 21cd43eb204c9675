using StarKV.Observe;
using StarKV.Runtime;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>
/// Our own method: keep what the beginnings of possible answers attend to. They are read behind the prompt, as if each were the answer, and
/// leave nothing behind; docs/methods.md#probe has the formula.
/// </summary>
/// <remarks>
/// During an answer that is compressed itself there is nothing to guess: the last <see cref="ProbeOptions.Window"/> queries are looked
/// through. The attention's weight times the length of the value is VATP's, arXiv 2406.12335, with the L2 norm.
/// </remarks>
public sealed class Probe : ICompressionMethod
{
    private readonly ProbeOptions _o;

    /// <summary>Creates the method.</summary>
    /// <param name="options">Options; default as found to be best, docs/methods.md#probe.</param>
    /// <exception cref="StarKvException">An option is out of its bounds.</exception>
    public Probe(ProbeOptions? options = null)
    {
        _o = ProbeOptions.Table.Checked(options ?? new ProbeOptions());
        var branches = Branches(new AnswerStyle(ActionLanguage.UiTars, WordsFirst: false)).Count;
        if (branches > ProbeOptions.MaxBranches)
        {
            throw new StarKvException(
                $"probe: its forms at its points come to {branches} texts; at most {ProbeOptions.MaxBranches} are read.");
        }
    }

    /// <inheritdoc/>
    public string Name => "probe";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Options => ProbeOptions.Table.Write(_o);

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => Math.Max(_o.Window, _o.WithLast);

    /// <summary>The forms in every grammar, at every filler point.</summary>
    public IReadOnlyList<string> Branches(AnswerStyle answers) =>
    [
        .. (from grammar in _o.Grammars
            from form in _o.Forms
            from point in _o.At
            select ProbeForms.Text(form, ProbeForms.Style(grammar, answers), point.X, point.Y)).Distinct(),
    ];

    /// <summary>Attention of the branches, pooled, times the length of each value, [G, P].</summary>
    public Tensor Score(in LayerObservation observation, LayerMemory memory)
    {
        var o = observation;
        var scores = BranchScores.Sum(o) ?? OfLastQueries(o, o.Window);
        if (_o.WithLast > 0 && o.Branches is not null)
            scores += OfLastQueries(o, Math.Min(_o.WithLast, o.Window));
        if (_o.Kernel > 1)
            scores = nn.functional.avg_pool1d(scores.unsqueeze(0), _o.Kernel, stride: 1, padding: _o.Kernel / 2).squeeze(0);
        return _o.Value ? scores * ValueNorms.Of(o) : scores;
    }

    /// <summary>Mean attention of the last queries and of a group's heads, [G, P].</summary>
    private static Tensor OfLastQueries(in LayerObservation o, int count)
    {
        var queries = o.Queries.narrow(1, o.Window - count, count);
        return TorchOps.WindowAttention(queries, o.Keys).narrow(1, 0, o.Past).view(o.KvHeads, o.HeadsPerGroup, -1).mean([1]) / count;
    }
}
