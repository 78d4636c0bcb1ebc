package dev.trimtab.yaml;

/** The parser counts code points, Java's strings count chars: an emoji is one of those and two of these. */
final class CodePoints {
    /** Null where both counts agree, as they do in nearly every manifest. */
    private final int[] offsets;

    private CodePoints(int[] offsets) {
        this.offsets = offsets;
    }

    static CodePoints of(String text) {
        int count = text.codePointCount(0, text.length());
        if (count == text.length()) {
            return new CodePoints(null);
        }
        int[] offsets = new int[count + 1];
        int offset = 0;
        for (int i = 0; i < count; i++) {
            offsets[i] = offset;
            offset += Character.charCount(text.codePointAt(offset));
        }
        offsets[count] = offset;
        return new CodePoints(offsets);
    }

    int offset(int codePoint) {
        return offsets == null ? codePoint : offsets[codePoint];
    }
}
