using StarKV.Prefill;
using StarKV.Score;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Select;

/// <summary>A method around another one: it passes everything on, and a wrapper overrides what it adds.</summary>
/// <param name="method">The method inside.</param>
public abstract class MethodWrapper(ICompressionMethod method) : ICompressionMethod
{
    /// <summary>The method inside.</summary>
    protected ICompressionMethod Inner => method;

    /// <inheritdoc/>
    public string Name => method.Name;

    /// <inheritdoc/>
    public virtual ILayerBudget LayerBudget => method.LayerBudget;

    /// <inheritdoc/>
    public virtual int? AnswerInterval => method.AnswerInterval;

    /// <inheritdoc/>
    public int HeadCopies(int headsPerGroup) => method.HeadCopies(headsPerGroup);

    /// <inheritdoc/>
    public int Window(TokenMap prompt) => method.Window(prompt);

    /// <inheritdoc/>
    public virtual Tensor Score(in LayerObservation observation, LayerMemory memory) => method.Score(observation, memory);
}
