using static StarKV.Kernels.ParameterType;
using static TorchSharp.torch;

namespace StarKV.Kernels;

/// <summary>Launches the kernels of StarKvKernels.cu: STaR-KV's steps 2 to 5.</summary>
/// <remarks>Shapes: G key/value heads, P past tokens, and the last screenshot's tokens [start, start + count) among them.</remarks>
internal static class StarKvKernels
{
    /// <summary>The most key/value heads G.</summary>
    public const int MaxGroups = 64;

    private static readonly Kernel s_ranks = new("star_ranks", Pointer, Int, Int, Int, Pointer);

    private static readonly Kernel s_groups = new(
        "star_groups", Pointer, Int, Int, Int, Pointer, Pointer, Pointer, Int, ParameterType.Double, Pointer, Int, Float,
        Pointer);

    private static readonly Kernel s_score = new(
        "star_score", Pointer, Int, Int, Pointer, Float, Float, Pointer, Pointer, Float, Float, Float, Pointer, Int, Float, Float, Float,
        Pointer);

    /// <summary>Dynamic shared memory that <see cref="Ranks"/> takes, in bytes.</summary>
    /// <param name="count">Tokens of the last screenshot.</param>
    public static int RanksBytes(int count) => count * sizeof(float);

    /// <summary>The rank bin of each of the screenshot's tokens among its group's.</summary>
    /// <remarks>Plain twin, with the first half of <see cref="Groups"/>: <c>SubspacePrior.Information</c>.</remarks>
    /// <param name="kernels">The card's kernels; a block may ask for <see cref="RanksBytes"/>.</param>
    /// <param name="groups">Scores, [G, P], float32.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="past">P.</param>
    /// <param name="start">The screenshot's first token.</param>
    /// <param name="count">Its tokens.</param>
    /// <param name="bins">Takes the bins as <c>int</c>, room for [G, count] numbers of 4 bytes.</param>
    public static void Ranks(CudaKernels kernels, Tensor groups, int kvHeads, int past, int start, int count, Tensor bins) =>
        kernels.Launch(s_ranks, new Grid(Grid.Blocks(count, 256), kvHeads), 256, RanksBytes(count), groups, past, start, count, bins);

    /// <summary>
    /// Updates what is remembered of each group: its information and its pattern on the screenshot, with the pattern's stability.
    /// </summary>
    /// <remarks>Plain twins: <c>SubspacePrior.Information</c> and <c>TemporalDiscount.Of</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="groups">Scores, [G, P], float32.</param>
    /// <param name="kvHeads">G.</param>
    /// <param name="past">P.</param>
    /// <param name="start">The screenshot's first token.</param>
    /// <param name="count">Its tokens.</param>
    /// <param name="bins">The rank bins, as <see cref="Ranks"/> left them.</param>
    /// <param name="cells">The screen bin of each token, [count], int64; null without a prior.</param>
    /// <param name="information">Moving average of each group's information, [G], float64, updated; null without a prior.</param>
    /// <param name="informationFresh">Whether it holds nothing yet.</param>
    /// <param name="informationDecay">What stays of it at an update, 0–1.</param>
    /// <param name="pattern">Moving average of each group's pattern, [G, count], float32, updated; null without a discount.</param>
    /// <param name="patternFresh">Whether it holds nothing yet.</param>
    /// <param name="patternDecay">What stays of it at an update, 0–1.</param>
    /// <param name="stability">Takes each group's stability, [G], float32, where there is a pattern.</param>
    public static void Groups(
        CudaKernels kernels, Tensor groups, int kvHeads, int past, int start, int count, Tensor bins, Tensor? cells, Tensor? information,
        bool informationFresh, double informationDecay, Tensor? pattern, bool patternFresh, float patternDecay, Tensor stability) =>
        kernels.Launch(s_groups, new Grid(kvHeads), 1024, 0,
            groups, past, start, count, bins, cells, information, informationFresh, informationDecay, pattern, patternFresh, patternDecay,
            stability);

    /// <summary>
    /// The mean over the groups, times the prior of the leading group, times the discount of the token's age, to the power 1 / T.
    /// </summary>
    /// <remarks>Plain twin: <c>StarKv.Steps</c>.</remarks>
    /// <param name="kernels">The card's kernels.</param>
    /// <param name="groups">Scores, [G, P], float32.</param>
    /// <param name="groupCount">G, at most <see cref="MaxGroups"/>.</param>
    /// <param name="past">P.</param>
    /// <param name="information">Each group's information, [G], float64; null weighs all groups alike.</param>
    /// <param name="lambda">The prior's strength, 0–1.</param>
    /// <param name="priorTemperature">The temperature of the prior's softmax.</param>
    /// <param name="stability">Each group's stability, [G], float32; null for no discount.</param>
    /// <param name="age">How many screenshots ago each token was seen, [P] or more, float32; null for no discount.</param>
    /// <param name="delta">The discount's strength per screenshot.</param>
    /// <param name="stabilityFloor">The influence of the age in a group of no stability, 0–1.</param>
    /// <param name="discountFloor">The smallest factor of the discount, 0–1.</param>
    /// <param name="temperature">The entropy's temperature T, [1], float32, updated; null for no power.</param>
    /// <param name="temperatureFresh">Whether it holds nothing yet.</param>
    /// <param name="temperatureDecay">What stays of it at an update, 0–1.</param>
    /// <param name="coolest">The smallest T.</param>
    /// <param name="hottest">The largest T.</param>
    /// <param name="score">Takes the score, [P], float32.</param>
    public static void Score(
        CudaKernels kernels, Tensor groups, int groupCount, int past, Tensor? information, float lambda, float priorTemperature,
        Tensor? stability, Tensor? age, float delta, float stabilityFloor, float discountFloor, Tensor? temperature, bool temperatureFresh,
        float temperatureDecay, float coolest, float hottest, Tensor score) =>
        kernels.Launch(s_score, new Grid(1), 1024, 0,
            groups, groupCount, past, information, lambda, priorTemperature, stability, age, delta, stabilityFloor, discountFloor,
            temperature, temperatureFresh, temperatureDecay, coolest, hottest, score);
}
