package dev.trimtab.yaml;

/**
 * The place a value stands in.
 *
 * @param after the offset after what introduces the value: the colon or dash; for flow style, the end of the key
 * @param column of the key or dash, from 0; only for block style
 */
record Slot(Kind kind, int after, int column) {
    enum Kind {
        ROOT,
        BLOCK_ENTRY,
        BLOCK_ITEM,
        FLOW_ENTRY,
        FLOW_ITEM
    }

    static final Slot ROOT = new Slot(Kind.ROOT, 0, 0);

    boolean inFlow() {
        return kind == Kind.FLOW_ENTRY || kind == Kind.FLOW_ITEM;
    }
}
