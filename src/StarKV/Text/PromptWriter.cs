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
    private readonly System.Text.StringBuilder _text = new();
    private TokenClass _class = TokenClass.User;
    private (int Start, int End)? _instruction, _instructionTokens;

    /// <summary>Number of images written.</summary>
    public int Images => _frames.Count;

    /// <summary>Starts a message: what follows is of this class. Text does not join across messages.</summary>
    public void Begin(TokenClass messageClass)
    {
        FlushText();
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
    /// <param name="instruction">The characters of it that are the user's instruction; null for none.</param>
    public void Text(string text, (int Start, int End)? instruction = null)
    {
        if (instruction is { } span)
            _instruction = (_text.Length + span.Start, _text.Length + span.End);
        _text.Append(text);
    }

    /// <summary>Writes an image's vision tokens, without the markers around them.</summary>
    /// <exception cref="StarKvException">The grid is empty.</exception>
    public void Image(MergedGrid grid)
    {
        if (grid.Rows < 1 || grid.Columns < 1)
            throw new StarKvException($"Image {Images} has a merged grid of {grid.Rows}×{grid.Columns}; both must be at least 1.");
        FlushText();
        _frames.Add(new FrameSpan(_ids.Count, _ids.Count + grid.Count, grid.Rows, grid.Columns));
        _ids.AddRange(Enumerable.Repeat(_imagePad, grid.Count));
        _classes.AddRange(Enumerable.Repeat(TokenClass.Vision, grid.Count));
    }

    /// <summary>Ends the prompt.</summary>
    public TokenMap Finish()
    {
        FlushText();
        return new TokenMap([.. _ids], [.. _classes], _frames) { Instruction = _instructionTokens };
    }

    private void FlushText()
    {
        if (_text.Length == 0)
            return;
        var text = _text.ToString();
        var ids = tokenizer.Encode(text);
        if (_instruction is { } span)
        {
            var (start, end) = tokenizer.TokensOver(ids, text, span);
            _instructionTokens = (_ids.Count + start, _ids.Count + end);
            _instruction = null;
        }

        _ids.AddRange(ids);
        _classes.AddRange(Enumerable.Repeat(_class, ids.Length));
        _text.Clear();
    }
}
