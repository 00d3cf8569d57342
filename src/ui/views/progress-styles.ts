import { css } from 'lit';

/** A card that tells how far something is; what is over soon never shows it. */
export const progressStyles = css`
  :host {
    display: block;
    padding: 12px 16px;
    border: 1px solid var(--line-strong);
    border-radius: 4px;
    background: var(--raised);
    box-shadow: var(--shadow);
    animation: appear 150ms 200ms backwards;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    :host {
      animation: none;
    }
  }
  .name {
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  progress {
    display: block;
    width: 100%;
    height: 6px;
    margin: 8px 0;
    accent-color: var(--text);
  }
  .row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }
`;
