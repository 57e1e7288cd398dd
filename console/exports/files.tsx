// The files of an export. An address opens one for five minutes, and is asked for when somebody wants it.
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { Code } from '../checkpoints/checkpoint.tsx';
import { Fault } from '../shell/fault.tsx';
import type { PageProps } from '../shell/page.ts';
import { useWriting } from '../show/times.ts';
import { useAction } from '../show/use-action.ts';
import { useTexts } from '../texts/use.ts';
import type { Export } from './progress.ts';

export interface FilesProps extends PageProps {
  readonly job: Export;
}

/** Between two downloads: a browser takes those that come at once for one. */
const APART_MS = 400;

export function Files({ api, identity, job }: FilesProps) {
  const t = useTexts();
  const { number } = useWriting();
  return (
    <SpaceBetween size="s">
      <Box variant="h3">{t.exports.files}</Box>
      <Box color="text-body-secondary">{t.exports.recordedAs(identity.subject)}</Box>
      <Download api={api} id={job.id} names={job.files.map(({ name }) => name)} label={t.exports.downloadAll} />
      <Table
        variant="embedded"
        wrapLines
        items={job.files}
        trackBy="name"
        ariaLabels={{ tableLabel: t.exports.files }}
        empty={<Box>{t.exports.noFiles}</Box>}
        columnDefinitions={[
          {
            ...{ id: 'name', header: t.exports.file, isRowHeader: true, minWidth: 170 },
            cell: ({ name }) => <Download api={api} id={job.id} names={[name]} label={name} inline />,
          },
          { id: 'rows', header: t.exports.rows, minWidth: 80, cell: ({ rows }) => number(rows) },
          { id: 'bytes', header: t.exports.size, minWidth: 100, cell: ({ bytes }) => <Bytes bytes={bytes} /> },
          { id: 'sha256', header: t.exports.sha256, minWidth: 220, cell: ({ sha256 }) => <Code text={sha256} /> },
        ]}
      />
    </SpaceBetween>
  );
}

function Bytes({ bytes }: { readonly bytes: number }) {
  const { locale } = useWriting();
  const [unit, value] =
    bytes < 1_000_000 ? (['kilobyte', bytes / 1_000] as const) : (['megabyte', bytes / 1e6] as const);
  return <>{new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value)}</>;
}

interface DownloadProps extends Pick<PageProps, 'api'> {
  readonly id: string;
  readonly names: readonly string[];
  readonly label: string;
  /** In a table: a link with the file's name, and for who hears it what it does. */
  readonly inline?: boolean;
}

function Download({ api, id, names, label, inline = false }: DownloadProps) {
  const t = useTexts();
  const fetching = useAction(async () => {
    const { files } = await api.call('readExport', { path: { id } });
    const wanted = files.filter(({ name, url }) => names.includes(name) && url !== undefined);
    for (const [i, { url }] of wanted.entries()) {
      if (i > 0) await new Promise((resolve) => setTimeout(resolve, APART_MS));
      save(url!);
    }
  });
  return (
    <SpaceBetween size="xs">
      <Button
        iconName="download"
        loading={fetching.running}
        loadingText={t.list.loading}
        {...(inline ? { ariaLabel: `${t.exports.download}: ${label}`, variant: 'inline-link' as const } : {})}
        onClick={fetching.run}
      >
        {label}
      </Button>
      {fetching.error !== undefined && <Fault error={fetching.error} />}
    </SpaceBetween>
  );
}

/** The address says itself that it is a file to be kept, and under which name. */
function save(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.rel = 'noreferrer';
  link.download = '';
  link.click();
}
