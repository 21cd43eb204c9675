using System.Diagnostics.CodeAnalysis;

namespace StarKV.Models.Qwen25Vl;

/// <summary>The order in which the vision tower's window attention visits a screenshot's merged cells.</summary>
/// <remarks>
/// Windows of one size are next to one another here, interior ones first, so that a layer needs one attention call per size (at most 4)
/// and neither padding nor a mask. The published order, row by row, is kept in <see cref="RowMajorOrder"/>; both give the same result.
/// </remarks>
[Experimental("STARKV001")]
public sealed class WindowPlan
{
    private WindowPlan(int[] rowMajorOrder, int[] windowSizes, int[] order, IReadOnlyList<WindowGroup> groups)
    {
        RowMajorOrder = rowMajorOrder;
        WindowSizes = windowSizes;
        Order = order;
        Groups = groups;
    }

    /// <summary>The merged cells in the published order: windows row by row, cells row by row inside. Shape [cells].</summary>
    public IReadOnlyList<int> RowMajorOrder { get; }

    /// <summary>The number of merged cells of each window, in the published order.</summary>
    public IReadOnlyList<int> WindowSizes { get; }

    /// <summary>The merged cells in the order used here: windows of one size next to one another. Shape [cells].</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>The runs of equal windows in <see cref="Order"/>.</summary>
    public IReadOnlyList<WindowGroup> Groups { get; }

    /// <summary>Plans the windows of a grid.</summary>
    /// <param name="rows">Merged rows.</param>
    /// <param name="columns">Merged columns.</param>
    /// <param name="window">Cells on a side of a window; 4 in the published checkpoints (112 px).</param>
    public static WindowPlan Create(int rows, int columns, int window)
    {
        var windows = new List<int[]>();
        for (var top = 0; top < rows; top += window)
        {
            for (var left = 0; left < columns; left += window)
            {
                var (height, width) = (Math.Min(window, rows - top), Math.Min(window, columns - left));
                var cells = new int[height * width];
                for (var i = 0; i < cells.Length; i++)
                    cells[i] = (top + i / width) * columns + left + i % width;
                windows.Add(cells);
            }
        }

        var bySize = windows.GroupBy(w => w.Length).OrderByDescending(g => g.Key).ToList();
        var groups = new List<WindowGroup>();
        var first = 0;
        foreach (var size in bySize)
        {
            groups.Add(new WindowGroup(first, size.Count(), size.Key));
            first += size.Count() * size.Key;
        }

        return new WindowPlan(
            [.. windows.SelectMany(w => w)],
            [.. windows.Select(w => w.Length)],
            [.. bySize.SelectMany(g => g).SelectMany(w => w)],
            groups);
    }
}

/// <summary>A run of windows of one size.</summary>
/// <param name="Start">The run's first merged cell in <see cref="WindowPlan.Order"/>.</param>
/// <param name="Windows">How many windows.</param>
/// <param name="Cells">Merged cells per window.</param>
[Experimental("STARKV001")]
public readonly record struct WindowGroup(int Start, int Windows, int Cells);
