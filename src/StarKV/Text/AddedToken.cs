using System.Diagnostics.CodeAnalysis;

namespace StarKV.Text;

/// <summary>A token outside the byte-pair vocabulary: a marker of the template, a tool tag, a pad.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text, matched verbatim.</param>
/// <param name="Special">True when decoding for a reader leaves it out.</param>
[Experimental("STARKV001")]
public sealed record AddedToken(int Id, string Content, bool Special);
