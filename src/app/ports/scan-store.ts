import type { ScanReport } from '../../domain/scan-report.ts';

export interface ScanStore {
  save(report: ScanReport): Promise<void>;
  latest(): Promise<ScanReport | undefined>;
}
