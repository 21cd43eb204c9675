namespace StarKV.Text;

/// <summary>A prompt as the model reads it, and for every token what it is: its class, its frame and its cell.</summary>
/// <remarks>Immutable. All arrays have the length of the prompt; frames are ordered oldest first.</remarks>
public sealed class TokenMap
{
    private readonly int[] _ids;
    private readonly TokenClass[] _classes;
    private readonly int[] _frameOf;
    private readonly int[] _cellOf;
    private readonly FrameSpan[] _frames;

    /// <summary>Creates the map of a prompt; frame and cell of each token follow from <paramref name="frames"/>.</summary>
    /// <param name="ids">Token ids, at least one.</param>
    /// <param name="classes">Class of each token; <see cref="TokenClass.Vision"/> exactly inside the frames.</param>
    /// <param name="frames">The screenshots, oldest first, not overlapping.</param>
    /// <exception cref="StarKvException">Lengths, spans and classes contradict each other.</exception>
    public TokenMap(ReadOnlySpan<int> ids, ReadOnlySpan<TokenClass> classes, IReadOnlyList<FrameSpan> frames)
    {
        if (ids.Length != classes.Length)
            throw new StarKvException(
                $"The prompt has {ids.Length} tokens but {classes.Length} token classes; give one class for each token.");
        _ids = ids.ToArray();
        _classes = classes.ToArray();
        _frames = [.. frames];
        _frameOf = new int[ids.Length];
        _cellOf = new int[ids.Length];
        Array.Fill(_frameOf, -1);
        Array.Fill(_cellOf, -1);
        PlaceFrames();
        for (var i = 0; i < _classes.Length; i++)
        {
            if (_classes[i] == TokenClass.Vision != _frameOf[i] >= 0)
                throw new StarKvException(
                    $"Token {i} is of class {_classes[i]} but lies "
                        + $"{(_frameOf[i] < 0 ? "outside every frame" : $"in frame {_frameOf[i]}")}; "
                        + $"vision tokens are exactly those of the frames.");
        }
    }

    /// <value>Number of tokens L.</value>
    public int Length => _ids.Length;

    /// <value>Token ids, [L].</value>
    public ReadOnlySpan<int> Ids => _ids;

    /// <value>Class of each token, [L].</value>
    public ReadOnlySpan<TokenClass> Classes => _classes;

    /// <value>Frame of each token, [L]: 0 for the oldest screenshot, -1 for text.</value>
    public ReadOnlySpan<int> FrameOf => _frameOf;

    /// <value>Cell of each token in its frame's merged grid, [L]: row × columns + column, -1 for text.</value>
    public ReadOnlySpan<int> CellOf => _cellOf;

    /// <value>The screenshots, oldest first; empty for a prompt of text alone.</value>
    public IReadOnlyList<FrameSpan> Frames => _frames;

    /// <value>The newest screenshot, the one the answer is about; null for a prompt of text alone.</value>
    public FrameSpan? LastFrame => _frames.Length == 0 ? null : _frames[^1];

    /// <value>The tokens that hold the user's instruction, [start, end); null when the prompt marks none.</value>
    public (int Start, int End)? Instruction { get; init; }

    /// <value>Number of vision tokens.</value>
    public int VisionTokens => _frames.Sum(frame => frame.Length);

    /// <summary>Copies the ids as 64-bit integers, [L], the type that embedding tables take.</summary>
    public long[] ToLongIds() => Array.ConvertAll(_ids, id => (long)id);

    /// <summary>This sequence followed by another: what a step reads after a cache, or an answer that was written.</summary>
    /// <param name="next">The tokens that follow; their instruction, if they mark one, is the whole's.</param>
    public TokenMap Then(TokenMap next)
    {
        var length = Length;
        return new TokenMap(
            [.. _ids, .. next._ids],
            [.. _classes, .. next._classes],
            [.. _frames, .. next._frames.Select(f => f with { Start = f.Start + length, End = f.End + length })])
        {
            Instruction = next.Instruction is { } span ? (span.Start + length, span.End + length) : Instruction,
        };
    }

    /// <summary>Makes a map of ids that already hold one image pad for each vision token; all text counts as the user's.</summary>
    /// <param name="ids">Token ids of the expanded prompt.</param>
    /// <param name="imagePadId">The id of a vision token.</param>
    /// <param name="grids">Merged grid of each image, in the order of the prompt.</param>
    /// <exception cref="StarKvException">The image pads do not add up to the grids.</exception>
    public static TokenMap OfIds(ReadOnlySpan<int> ids, int imagePadId, IReadOnlyList<MergedGrid> grids)
    {
        var classes = new TokenClass[ids.Length];
        Array.Fill(classes, TokenClass.User);
        var frames = new List<FrameSpan>(grids.Count);
        var i = 0;
        while (i < ids.Length)
        {
            if (ids[i] != imagePadId)
            {
                i++;
                continue;
            }

            if (frames.Count == grids.Count)
                throw new StarKvException(
                    $"The prompt has image pads from token {i} on, beyond its {grids.Count} image(s); give a grid for every image.");
            var grid = grids[frames.Count];
            var end = i + grid.Count;
            if (end > ids.Length || ids[i..end].ContainsAnyExcept(imagePadId))
                throw new StarKvException(
                    $"Image {frames.Count} has {grid.Rows}×{grid.Columns} = {grid.Count} "
                        + $"vision tokens, but fewer image pads follow token {i}.");
            classes.AsSpan(i, grid.Count).Fill(TokenClass.Vision);
            frames.Add(new FrameSpan(i, end, grid.Rows, grid.Columns));
            i = end;
        }

        if (frames.Count < grids.Count)
            throw new StarKvException($"The prompt has image pads for {frames.Count} image(s), but {grids.Count} were given.");
        return new TokenMap(ids, classes, frames);
    }

    private void PlaceFrames()
    {
        var free = 0;
        for (var f = 0; f < _frames.Length; f++)
        {
            var (start, end, rows, columns) = _frames[f];
            if (start < free || end > Length || rows < 1 || columns < 1 || end - start != rows * columns)
                throw new StarKvException(
                    $"Frame {f} claims tokens [{start}, {end}) for a grid of {rows}×{columns}; frames "
                        + $"are ordered, apart, inside the prompt's {Length} tokens, and as long as their grid.");
            for (var i = start; i < end; i++)
            {
                _frameOf[i] = f;
                _cellOf[i] = i - start;
            }

            free = end;
        }
    }
}
