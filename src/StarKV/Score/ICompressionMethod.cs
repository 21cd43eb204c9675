using StarKV.Budget;
using StarKV.Observe;
using StarKV.Text;
using static TorchSharp.torch;

namespace StarKV.Score;

/// <summary>A compression method: it scores tokens; budgets, top-k, window, gather and accounting exist once, elsewhere.</summary>
public interface ICompressionMethod
{
    /// <summary>The method's registry key, such as <c>star-kv</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Its options as <see cref="Methods.Create"/> reads them, so that a saved session can be restored without the caller's help; null
    /// (default) for a method that is not made there.
    /// </summary>
    IReadOnlyDictionary<string, string>? Options => null;

    /// <summary>What it remembers between the prefills of a session and can be saved with it; default nothing.</summary>
    IReadOnlyList<LayerStateKind> States => [];

    /// <summary>How the layers share the budget; default all alike.</summary>
    ILayerBudget LayerBudget => new UniformBudget();

    /// <summary>
    /// Answer tokens after which a layer goes back to the rows it held when the prompt had been read; null (default) lets the answer grow.
    /// </summary>
    int? AnswerInterval => null;

    /// <summary>
    /// Copies that the cache stores of each key/value head: 1 (default), or
    /// the query heads of a group where <see cref="Score"/> returns [H, P].
    /// </summary>
    /// <param name="headsPerGroup">Query heads per key/value head, n.</param>
    int HeadCopies(int headsPerGroup) => 1;

    /// <summary>
    /// Observation window W for a prompt, in queries: the last prompt tokens,
    /// whose queries score the past and which are always kept. At least 1.
    /// </summary>
    int Window(TokenMap prompt);

    /// <summary>
    /// Texts that an answer could begin with: each is read behind the prompt in the prefill, as if it were the answer, shows the method
    /// what it attends to, <see cref="LayerObservation.Branches"/>, and leaves nothing behind. Default none.
    /// </summary>
    /// <param name="answers">How answers to the prompt are laid out.</param>
    IReadOnlyList<string> Branches(AnswerStyle answers) => [];

    /// <summary>
    /// A short answer that is written before the cache is chosen, on a cache of its own, and then thrown away; the method sees the queries
    /// of its tokens, <see cref="LayerObservation.DraftQueries"/>. All rows of all layers are held until it is written. Default none.
    /// </summary>
    DraftRequest? Draft => null;

    /// <summary>Scores the past tokens of one layer; higher is kept.</summary>
    /// <param name="observation">What the layer shows; borrowed.</param>
    /// <param name="memory">What the method remembers of earlier prefills of the session.</param>
    /// <returns>
    /// [G, P]; or [1, P] when all heads shall keep the same tokens; or [H, P], which stores a copy for every query head.
    /// Owned by the caller's dispose scope.
    /// </returns>
    Tensor Score(in LayerObservation observation, LayerMemory memory);
}
