namespace StarKV.Text;

/// <summary>What the numbers in an answer count.</summary>
public enum CoordinateConvention
{
    /// <summary>Pixels of the resized image that the model saw: UI-TARS 1.5 and everything built on Qwen2.5-VL.</summary>
    ModelPixels,

    /// <summary>
    /// Thousandths of width and height: UI-TARS 1.0 and Doubao 1.5, built on Qwen2-VL; GUI-Owl-1.5, UI-Venus-1.5 and Qwen3-VL.
    /// </summary>
    Thousandths,

    /// <summary>
    /// As <see cref="Thousandths"/>, but 999 stands for the full width and height: prompts that give the screen as 999×999.
    /// </summary>
    UpTo999,
}
