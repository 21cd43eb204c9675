using System.Globalization;
using StarKV.Input;

namespace StarKV.Evaluation.Benchmarks.Mind2Web;

/// <summary>A web page cut into blocks.</summary>
internal interface IPage
{
    /// <summary>The pictures that its first block needs.</summary>
    TaskPicture First { get; }

    /// <summary>Whether the page has a block, counted from the top.</summary>
    bool Has(int block);

    /// <summary>Reads a block.</summary>
    /// <exception cref="StarKvException">It is missing or cannot be read.</exception>
    Screenshot Read(int block);

    /// <summary>The target's boxes in pixels of a block; none where it is not shown.</summary>
    /// <exception cref="StarKvException">The page cannot be read.</exception>
    IReadOnlyList<WebBox> Targets(int block);
}

/// <summary>A page whose blocks are files: <c>0.png</c>, <c>1.png</c> and so on.</summary>
/// <param name="folder">Their folder.</param>
/// <param name="targets">For each block that shows the target, its boxes.</param>
internal sealed class PageFolder(string folder, IReadOnlyDictionary<int, IReadOnlyList<WebBox>> targets) : IPage
{
    /// <inheritdoc/>
    public TaskPicture First => TaskPicture.File(PathOf(0));

    /// <inheritdoc/>
    public bool Has(int block) => block >= 0 && File.Exists(PathOf(block));

    /// <inheritdoc/>
    public Screenshot Read(int block) => Screenshot.Load(PathOf(block));

    /// <inheritdoc/>
    public IReadOnlyList<WebBox> Targets(int block) => targets.GetValueOrDefault(block) ?? [];

    private string PathOf(int block) => Path.Combine(folder, $"{block.ToString(CultureInfo.InvariantCulture)}.png");
}
