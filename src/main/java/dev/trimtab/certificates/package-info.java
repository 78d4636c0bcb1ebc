/** Certificates that Trimtab issues itself: reading, signing, and the plan that says which write comes next. */
package dev.trimtab.certificates;
