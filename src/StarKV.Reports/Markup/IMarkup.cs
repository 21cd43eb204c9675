namespace StarKV.Reports.Markup;

/// <summary>A piece of a markup language. Pieces are put together by <see cref="MarkupHandler{TMarkup}"/>.</summary>
public interface IMarkup
{
    /// <summary>The piece as the language writes it.</summary>
    string Markup { get; }

    /// <summary>Writes text in the language so that it shows as it is and says nothing in the language, whatever it holds.</summary>
    static abstract string Escape(string text);
}
