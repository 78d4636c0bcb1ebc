package dev.trimtab.cli;

/** Reports checked objects, in order. */
sealed interface CheckReport permits TextReport, JunitReport, SarifReport {
    void add(Checked object);

    /**
     * After the last object.
     *
     * @param others how many objects were of other kinds
     * @param isWhole whether all of the input could be read
     */
    void end(int others, boolean isWhole);
}
