import type { Diagnostic, Place } from '../core/base/diagnostic.ts';
import { printable } from './plain-text.ts';

/** `qdq-lab: model.onnx: what is wrong (where). What to do.` in one line, whatever the names in it hold. */
export function describeDiagnostic(diagnostic: Diagnostic, file?: string): string {
  const subject = file ?? diagnostic.place?.file;
  const { message } = diagnostic;
  const named = subject !== undefined && !message.startsWith(subject);
  const level = diagnostic.severity === 'warning' ? 'warning: ' : '';
  const where = describePlace(diagnostic.place ?? {}, message);
  const what = where === '' ? message : `${message.replace(/\.$/, '')} (${where}).`;
  return printable(`qdq-lab: ${named ? `${subject}: ` : ''}${level}${what} ${diagnostic.advice}`);
}

/** The parts of a place that the message does not name already. */
function describePlace(place: Place, message: string): string {
  const parts = [
    ['node', place.node],
    ['value', place.value],
    ['attribute', place.attribute],
    ['byte', place.offset === undefined ? undefined : String(place.offset)],
  ] as const;
  return parts
    .filter(([, name]) => name !== undefined && name !== '' && !message.includes(name))
    .map(([kind, name]) => `${kind} ${String(name)}`)
    .join(', ');
}
