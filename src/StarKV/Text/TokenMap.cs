namespace StarKV.Text;

/// <summary>A prompt as the model reads it, and for every token what it is: its class, its frame and its cell.</summary>
/// <remarks>Thread-safe: it is immutable. All arrays have the length of the prompt; frames are ordered oldest first.</remarks>
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
        ClipParts();
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

    /// <value>The tokens that hold the user's instruction, the task, [start, end); null when the prompt marks none.</value>
    public (int Start, int End)? Instruction { get; init; }

    /// <value>
    /// The tokens that hold words of the user, [start, end) each, ascending: <see cref="Instruction"/> and the further text of each turn.
    /// Two may share a token that reaches from one into the other.
    /// </value>
    public IReadOnlyList<(int Start, int End)> Instructions
    {
        get => field ?? (Instruction is { } span ? [span] : []);
        internal init;
    }

    /// <value>
    /// The messages with their markers, in order; the opening of the answer to come is the last. Each goes on until the next begins.
    /// Empty when the prompt does not tell, as one of ready ids.
    /// </value>
    public IReadOnlyList<MessageSpan> Messages { get; internal init; } = [];

    /// <value>True when the last of <see cref="Messages"/> is the opening of the answer to come.</value>
    public bool OpensAnswer { get; internal init; }

    /// <value>Number of vision tokens.</value>
    public int VisionTokens => _frames.Sum(frame => frame.Length);

    /// <summary>Copies the ids as 64-bit integers, [L], the type that embedding tables take.</summary>
    public long[] ToLongIds() => Array.ConvertAll(_ids, id => (long)id);

    /// <summary>This sequence followed by another: what a step reads after a cache, or an answer that was written.</summary>
    /// <param name="next">
    /// The tokens that follow; their instruction, if they mark one, is the whole's. Those before their first message count to the last
    /// message of this sequence.
    /// </param>
    public TokenMap Then(TokenMap next)
    {
        var length = Length;
        return new TokenMap(
            [.. _ids, .. next._ids],
            [.. _classes, .. next._classes],
            [.. _frames, .. next._frames.Select(f => f.Moved(length))])
        {
            Instruction = next.Instruction is { } span ? (span.Start + length, span.End + length) : Instruction,
            Instructions = [.. Instructions, .. next.Instructions.Select(s => (s.Start + length, s.End + length))],
            Messages = MessageSpan.UntilTheNext(
                [.. Messages.Select(m => (m.Start, m.Class)), .. next.Messages.Select(m => (m.Start + length, m.Class))],
                length + next.Length),
            OpensAnswer = next.Messages.Count > 0 ? next.OpensAnswer : OpensAnswer,
        };
    }

    /// <summary>This sequence without the tokens [<paramref name="start"/>, <paramref name="end"/>); later ones move up.</summary>
    /// <remarks>
    /// Frames, messages and words of the user that are in the range are gone, those that reach into it are shorter. What is left of a
    /// message without its beginning counts to the message before.
    /// </remarks>
    /// <param name="start">Index of the first token to leave out.</param>
    /// <param name="end">Index after the last one.</param>
    /// <exception cref="StarKvException">The sequence has no such tokens, or a frame would be cut.</exception>
    public TokenMap Without(int start, int end) => TokenCut.Within(Length, start, end).Of(this);

    /// <summary>The first tokens of this sequence.</summary>
    /// <param name="length">How many, 0 to <see cref="Length"/>.</param>
    /// <exception cref="StarKvException">The sequence has fewer tokens, or a frame would be cut.</exception>
    public TokenMap First(int length) => TokenCut.Within(Length, length, Length).Of(this);

    /// <summary>How many tokens this sequence and another both begin with, by ids and grids; never ends inside a frame.</summary>
    /// <remarks>
    /// Frames of equal grids count as equal: whether they show one picture is for the caller to know. Classes do not count: the last common
    /// token may be the marker that opens a message of the user in one sequence and of the model in the other.
    /// </remarks>
    public int CommonPrefix(TokenMap other)
    {
        var at = 0;
        while (at < Math.Min(Length, other.Length))
        {
            var (mine, others) = (_frameOf[at], other._frameOf[at]);
            var end = mine < 0 ? at + 1 : _frames[mine].End;
            var differ = mine < 0 ? others >= 0 : others < 0 || _frames[mine] != other._frames[others];
            if (differ || !Ids[at..end].SequenceEqual(other.Ids[at..end]))
                break;
            at = end;
        }

        return at;
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

    // Markers that another frame has, or that are not in this sequence, are not the frame's.
    private void ClipParts()
    {
        var free = 0;
        for (var f = 0; f < _frames.Length; f++)
        {
            var (frame, next) = (_frames[f], f + 1 < _frames.Length ? _frames[f + 1].Start : Length);
            _frames[f] = frame with
            {
                PartStart = Math.Clamp(frame.PartStart, free, frame.Start),
                PartEnd = Math.Clamp(frame.PartEnd, frame.End, next),
            };
            free = _frames[f].PartEnd;
        }
    }
}
