namespace StarKV.Input;

/// <summary>A screenshot's size to the model and to the user: what is left of it when its pixels are gone.</summary>
/// <param name="Grid">Its patches and cells.</param>
/// <param name="OriginalWidth">Its width in pixels.</param>
/// <param name="OriginalHeight">Its height in pixels.</param>
internal readonly record struct ShownSize(PatchGrid Grid, int OriginalWidth, int OriginalHeight);
