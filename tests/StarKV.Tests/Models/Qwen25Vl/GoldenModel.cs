using StarKV.Compact;
using StarKV.Decode;
using StarKV.Input;
using StarKV.Models;
using StarKV.Models.Qwen25Vl;
using StarKV.Prefill;
using StarKV.Runtime;
using StarKV.Text;
using StarKV.Weights;
using static TorchSharp.torch;

namespace StarKV.Tests.Models.Qwen25Vl;

/// <summary>The small model of the vectors, with the inputs of one of its cases; used and freed on one thread.</summary>
internal sealed class GoldenModel : IDisposable
{
    public static readonly string Folder = RepositoryFiles.Path("tests", "vectors", "golden", "model");

    public GoldenModel(string inputs, string? folder = null)
    {
        Model = ModelRegistry.Load(folder ?? Folder, Compute.Choose("cpu"));
        using var file = SafetensorsFile.Open(Path.Combine(Folder, inputs + ".safetensors"));
        var sizes = file.Tensors["in.image_grid_thw"].ToTensor().data<long>().ToArray();
        Grids = [.. sizes.Chunk(3).Select(s => new PatchGrid((int)s[1], (int)s[2]))];
        Pixels = file.Tensors["in.pixel_values_q"].ToTensor().to(ScalarType.Float32) / 40;
        var ids = file.Tensors["in.input_ids"].ToTensor().data<long>().Select(id => (int)id).ToArray();
        Prompt = TokenMap.OfIds(ids, Model.Config.ImageTokenId, [.. Grids.Select(g => new MergedGrid(g.Rows, g.Columns))]);
        GreedyTokens = [.. file.Tensors["out.greedy_tokens"].ToTensor().data<long>().Select(id => (int)id)];
    }

    public IVisionLanguageModel Model { get; }

    public VisionTower Tower => ((Qwen25VlModel)Model).Vision;

    public IReadOnlyList<PatchGrid> Grids { get; }

    /// <summary>Patches of all images, one image after the other.</summary>
    public Tensor Pixels { get; }

    public TokenMap Prompt { get; }

    /// <summary>The tokens that the vectors expect of the full cache.</summary>
    public IReadOnlyList<int> GreedyTokens { get; }

    /// <summary>Each image's features, owned by the open dispose scope.</summary>
    public List<ScreenFeatures> Encode()
    {
        var (row, screens) = (0L, new List<ScreenFeatures>());
        foreach (var grid in Grids)
        {
            screens.Add(new ScreenFeatures(Tower.Encode(Pixels.narrow(0, row, grid.Patches).unsqueeze(0), grid)[0]));
            row += grid.Patches;
        }

        return screens;
    }

    /// <summary>Reads the prompt; the caller owns the result.</summary>
    public PrefillResult Prefill(Compression? compression = null, PrefillOptions? options = null) =>
        new PrefillRunner(Model.Text).Run(Prompt, Encode(), compression ?? Compression.None, options);

    /// <summary>Writes as many tokens as the vectors have.</summary>
    public IReadOnlyList<int> Greedy(PrefillResult prefill)
    {
        var options = new GenerationOptions { MaxNewTokens = GreedyTokens.Count };
        using var sampler = new Sampler(options, 1, Prompt.Ids, prefill.Logits.shape[1], CPU);
        return new TokenLoop(Model.Text).Run(prefill, sampler, options, _ => false, null).Tokens;
    }

    public void Dispose() => Model.Dispose();
}
