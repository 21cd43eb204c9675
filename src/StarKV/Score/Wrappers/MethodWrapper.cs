using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score.Wrappers;

/// <summary>A method around another one: it passes everything on, and a wrapper overrides what it adds.</summary>
/// <param name="method">The method inside.</param>
public abstract class MethodWrapper(ICompressionMethod method) : ICompressionMethod
{
    /// <summary>The method inside.</summary>
    protected ICompressionMethod Inner { get; } = method ?? throw new ArgumentNullException(nameof(method));

    /// <inheritdoc/>
    public string Name => Inner.Name;

    /// <inheritdoc/>
    public virtual IReadOnlyList<LayerStateKind> States => Inner.States;

    /// <inheritdoc/>
    public virtual ILayerBudget LayerBudget => Inner.LayerBudget;

    /// <inheritdoc/>
    public virtual int? AnswerInterval => Inner.AnswerInterval;

    /// <inheritdoc/>
    public int HeadCopies(int headsPerGroup) => Inner.HeadCopies(headsPerGroup);

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => Inner.Window(prompt);

    /// <inheritdoc/>
    public IReadOnlyList<string> Branches(AnswerStyle answers) => Inner.Branches(answers);

    /// <inheritdoc/>
    public virtual DraftRequest? Draft => Inner.Draft;

    /// <inheritdoc/>
    public virtual Tensor Score(in LayerObservation observation, LayerMemory memory) => Inner.Score(observation, memory);
}
