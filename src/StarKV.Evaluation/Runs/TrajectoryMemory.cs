using StarKV.Evaluation.Benchmarks;
using StarKV.Score;

namespace StarKV.Evaluation.Runs;

/// <summary>What the methods remember of the trajectory that is being run.</summary>
/// <param name="caches">How many caches there are.</param>
internal sealed class TrajectoryMemory(int caches) : IDisposable
{
    private List<LayerMemory> _memories = [];
    private string? _last;

    /// <summary>
    /// The memories as they are before a step. Steps that they have not seen, because a run continues in the middle, are read again.
    /// </summary>
    /// <param name="task">The step.</param>
    /// <param name="read">Reads one earlier step with the memories.</param>
    public IReadOnlyList<LayerMemory> MemoriesFor(EvalTask task, Action<EvalTask, IReadOnlyList<LayerMemory>> read)
    {
        if (task.Previous is null || task.Previous.Id != _last)
        {
            Dispose();
            _memories = [.. Enumerable.Range(0, caches).Select(_ => new LayerMemory())];
            foreach (var step in task.Earlier)
                read(step, _memories);
        }

        // A step that fails half-way leaves memories in an unknown state.
        _last = null;
        return _memories;
    }

    /// <summary>Says that a step was read to its end.</summary>
    public void MarkRead(EvalTask task) => _last = task.Id;

    /// <inheritdoc/>
    public void Dispose() => _memories.ForEach(m => m.Dispose());
}
