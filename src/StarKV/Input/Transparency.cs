namespace StarKV.Input;

/// <summary>What becomes of transparent pixels; the model sees RGB only.</summary>
public enum Transparency
{
    /// <summary>Composited over white, as the vision utilities of UI-TARS do. The default.</summary>
    OverWhite,

    /// <summary>The alpha channel is dropped and the stored colour stays, as OpenCUA's processor does.</summary>
    Ignored,
}
