namespace StarKV.Text;

/// <summary>Writes a prompt token by token: markers, text and images, each with its class.</summary>
/// <remarks>
/// Text between two markers is tokenised in one piece, because line feeds and words may join across the seam of the template
/// and the content: <c>user\n</c> + <c>\nHi</c> holds one token of two line feeds.
/// </remarks>
/// <param name="tokenizer">The checkpoint's tokenizer.</param>
/// <param name="imagePad">The added token of a vision token.</param>
internal sealed class PromptWriter(QwenTokenizer tokenizer, string imagePad)
{
    private readonly int _imagePad = tokenizer.IdOf(imagePad);
    private readonly List<int> _ids = [];
    private readonly List<TokenClass> _classes = [];
    private readonly List<FrameSpan> _frames = [];
    private readonly List<(int Start, TokenClass Class)> _messages = [];
    private readonly List<(int Start, int End)> _instructions = [];
    private readonly System.Text.StringBuilder _text = new();
    // The user's own words in the text that is not yet tokenised.
    private readonly List<(int Start, int End, bool Further)> _words = [];
    private TokenClass _class = TokenClass.User;
    private (int Start, int End)? _instruction;

    /// <summary>Number of images written.</summary>
    public int Images => _frames.Count;

    /// <summary>Starts a message: what follows is of this class. Text does not join across messages.</summary>
    public void Begin(TokenClass messageClass)
    {
        FlushText();
        _messages.Add((_ids.Count, messageClass));
        _class = messageClass;
    }

    /// <summary>Writes one added token.</summary>
    public void Marker(int id)
    {
        FlushText();
        _ids.Add(id);
        _classes.Add(_class);
    }

    /// <summary>Writes text of the template, in which added tokens act.</summary>
    public void Template(string text)
    {
        foreach (var (plain, added) in tokenizer.Split(text))
        {
            if (added is null)
                Text(plain);
            else
                Marker(added.Id);
        }
    }

    /// <summary>Writes plain text; joined with the text directly before and after it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="words">The characters of it that are the user's own words; null for none.</param>
    /// <param name="further">True when those words are not the task; default false.</param>
    public void Text(string text, (int Start, int End)? words = null, bool further = false)
    {
        if (words is { } span && span.Start < span.End)
            _words.Add((_text.Length + span.Start, _text.Length + span.End, further));
        _text.Append(text);
    }

    /// <summary>Writes an image's vision tokens, without the markers around them.</summary>
    /// <param name="grid">The image's merged grid.</param>
    /// <param name="before">Tokens of its markers that were written before it; default 0.</param>
    /// <param name="after">Tokens of its markers that come behind it; default 0.</param>
    /// <exception cref="StarKvException">The grid is empty.</exception>
    public void Image(MergedGrid grid, int before = 0, int after = 0)
    {
        if (grid.Rows < 1 || grid.Columns < 1)
            throw new StarKvException($"Image {Images} has a merged grid of {grid.Rows}×{grid.Columns}; both must be at least 1.");
        FlushText();
        var (start, end) = (_ids.Count, _ids.Count + grid.Count);
        _frames.Add(new FrameSpan(start, end, grid.Rows, grid.Columns) { PartStart = start - before, PartEnd = end + after });
        _ids.AddRange(Enumerable.Repeat(_imagePad, grid.Count));
        _classes.AddRange(Enumerable.Repeat(TokenClass.Vision, grid.Count));
    }

    /// <summary>Ends the prompt.</summary>
    /// <param name="opensAnswer">True when the last message is the opening of the answer to come.</param>
    public TokenMap Finish(bool opensAnswer)
    {
        FlushText();
        return new TokenMap([.. _ids], [.. _classes], _frames)
        {
            Instruction = _instruction,
            Instructions = _instructions,
            Messages = MessageSpan.UntilTheNext(_messages, _ids.Count),
            OpensAnswer = opensAnswer,
        };
    }

    private void FlushText()
    {
        if (_text.Length == 0)
            return;
        var text = _text.ToString();
        var ids = tokenizer.Encode(text);
        foreach (var (from, to, further) in _words)
        {
            var (start, end) = tokenizer.TokensOver(ids, text, (from, to));
            var span = (_ids.Count + start, _ids.Count + end);
            _instructions.Add(span);
            if (!further)
                _instruction = span;
        }

        _words.Clear();
        _ids.AddRange(ids);
        _classes.AddRange(Enumerable.Repeat(_class, ids.Length));
        _text.Clear();
    }
}
